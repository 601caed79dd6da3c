/** What a session and its group are called in Restate, and where its server listens. */
// concern: wiring
import type { StoreAddress } from "../session/contract.ts";

/** A name has letters, digits and a few signs; what else is in a group is written as its code. */
export function workflowName(group: string, prefix = ""): string {
  const code = (sign: string) => `_${sign.codePointAt(0)?.toString(16)}_`;
  return `session-${`${prefix}${group}`.replace(/[^a-zA-Z0-9.-]/gu, code)}`;
}

/** Never a mere `.` or `..`, which no path of a URL bears as a part. */
export function workflowKey(sessionId: string): string {
  return `session/${sessionId}`;
}

/** Where the admin API listens: beside the ingress, at the port that the address names as `?admin=`, or at its usual one. */
export function adminUrl({ url }: StoreAddress): string {
  const ingress = new URL(url);
  ingress.port = ingress.searchParams.get("admin") ?? "9070";
  return ingress.origin;
}

export function ingressUrl({ url }: StoreAddress): string {
  return new URL(url).origin;
}

/** A server that is not open to everybody stands behind something that takes a bearer token. */
export function authorization({ secret }: StoreAddress): Record<string, string> {
  return secret === "" ? {} : { authorization: `Bearer ${secret}` };
}
