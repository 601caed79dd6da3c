/**
 * One line of the journal: `[nowMs, request]`. The state machine is deterministic, so these two are all it
 * takes to rebuild its state. The bearer token that the SDK repeats in each request never gets here.
 */
import { isRequest, type Request } from "@resonatehq/sdk";

export interface JournalEntry {
  /** The store's time at which the request was applied, ms. */
  readonly nowMs: number;
  readonly request: Request;
}

/** The line for a request, its newline included. */
export function encodeLine({ nowMs, request }: JournalEntry): string {
  return `${JSON.stringify([nowMs, withoutSecrets(request)])}\n`;
}

/** Reads a line without its newline. Throws a plain `Error` with the reason when it is not one. */
export function decodeLine(text: string): JournalEntry {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed) || parsed.length !== 2) throw new Error("it is not a pair of time and request");
  const [nowMs, request]: unknown[] = parsed;
  if (typeof nowMs !== "number") throw new Error("its time is not a number");
  if (!isRequest(request)) throw new Error("its request is not one that the protocol knows");
  return { nowMs, request };
}

/** Requests nest: a fence carries a create, a suspension carries callbacks, each with a head of its own. */
function withoutSecrets(request: Request): Request {
  const bare = withoutAuth(request);
  switch (bare.kind) {
    case "task.create":
      return { ...bare, data: { ...bare.data, action: withoutAuth(bare.data.action) } };
    case "task.fence":
      return { ...bare, data: { ...bare.data, action: withoutAuth(bare.data.action) } };
    case "task.fulfill":
      return { ...bare, data: { ...bare.data, action: withoutAuth(bare.data.action) } };
    case "task.suspend":
      return { ...bare, data: { ...bare.data, actions: bare.data.actions.map(withoutAuth) } };
    default:
      return bare;
  }
}

function withoutAuth<R extends { head: Request["head"] }>(request: R): R {
  if (request.head.auth === undefined) return request;
  const head = { ...request.head };
  delete head.auth;
  return { ...request, head };
}
