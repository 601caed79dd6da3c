/** The addresses of workers and clients that poll this store: `poll://uni@GROUP/PID`, `poll://any@GROUP[/PID]`. */

/** `uni` reaches one process, `any` a process of the group: `pid` where that one is connected. */
export type Target =
  | { readonly cast: "uni"; readonly group: string; readonly pid: string }
  | { readonly cast: "any"; readonly group: string; readonly pid: string | null };

/** Null for an address of another kind. A group has no `/`; a process id may have. */
export function parseAddress(address: string): Target | null {
  const match = /^poll:\/\/(uni|any)@([^/]+)(?:\/(.+))?$/s.exec(address);
  if (match === null) return null;
  const [, cast, group = "", pid] = match;
  if (cast === "any") return { cast, group, pid: pid ?? null };
  return pid === undefined ? null : { cast: "uni", group, pid };
}
