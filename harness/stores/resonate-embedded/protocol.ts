/**
 * The SDK's wire format: what a body must be to reach the state machine, and how its answer is wrapped.
 */
import { isRequest, type Request, type Response } from "@resonatehq/sdk";
import { messageOf } from "../../errors.ts";

/** A request that was read, or the reply that says why it was not. */
export type ReadRequest =
  | { readonly kind: "request"; readonly request: Request }
  | { readonly kind: "refused"; readonly reply: Reply };

export interface Reply {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

/** Objects of the protocol nest about five deep; more would only serve to overflow a stack. */
const maxDepth = 32;

/** Reads the body of a `POST /`. */
export function readRequest(body: string): ReadRequest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    return refused(400, null, `The body is not JSON: ${messageOf(error)}`);
  }
  if (!isRequest(parsed))
    return refused(400, parsed, "The body is not a request of a kind that the protocol knows");
  if (parsed.kind.startsWith("debug."))
    return refused(403, parsed, `${parsed.kind} is not offered to the outside`);
  const flaw = flawIn(parsed, 0);
  if (flaw !== null) return refused(400, parsed, flaw);
  return { kind: "request", request: parsed };
}

/** Wraps what the state machine answered, for the request that it answers. */
export function replyTo(request: Request, response: Response): Reply {
  const { corrId, version } = request.head;
  const { status } = response.head;
  return {
    status,
    body: JSON.stringify({ kind: response.kind, head: { corrId, status, version }, data: response.data }),
  };
}

/** A reply for what never reached the state machine; echoes what it can of `body`. */
export function refusal(status: number, body: unknown, reason: string): Reply {
  const kind = textAt(body, "kind") ?? "error";
  const head = typeof body === "object" && body !== null ? Reflect.get(body, "head") : null;
  const corrId = textAt(head, "corrId") ?? "";
  const version = textAt(head, "version") ?? "";
  return { status, body: JSON.stringify({ kind, head: { corrId, status, version }, data: reason }) };
}

function refused(status: number, body: unknown, reason: string): ReadRequest {
  return { kind: "refused", reply: refusal(status, body, reason) };
}

function textAt(value: unknown, key: string): string | null {
  const text: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : null;
  return typeof text === "string" ? text : null;
}

/**
 * What the SDK's type guards let through although the journal could not keep it: `1e999` parses as Infinity
 * but is written as null, so a replay would see another request. And tags that are not strings, which the
 * state machine would use as addresses.
 */
function flawIn(value: unknown, depth: number): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? null : "A number is out of range";
  if (typeof value !== "object" || value === null) return null;
  if (depth > maxDepth) return `The body nests deeper than ${maxDepth}`;
  for (const [key, member] of Object.entries(value)) {
    if ((key === "tags" || key === "promiseTags") && !isTags(member)) {
      return `${key} must be an object whose values are strings`;
    }
    const flaw = flawIn(member, depth + 1);
    if (flaw !== null) return flaw;
  }
  return null;
}

function isTags(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).every((tag) => typeof tag === "string");
}
