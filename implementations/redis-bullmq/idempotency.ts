/**
 * The hand-written idempotency keys. A retried job runs a step again whenever it died between the step's
 * effect and the row's mark; the key must then be the one of the first try, so it may depend on the
 * session and the step, and on nothing that a retry changes: no job attempt, no time, no random number.
 */
// concern: idempotency
import type { Step } from "../session/steps.ts";

/** Unambiguous, since the step's name comes last and contains no `|`. */
export function idempotencyKey(sessionId: string, step: Step): string {
  return `${sessionId}|${step}`;
}
