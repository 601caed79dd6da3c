/**
 * The idempotency keys. A step runs again whenever its worker died between its effect and the row's mark, and the key must
 * then be the one of the first try: of the session and the step, and of nothing that a retry changes.
 */
import type { Step } from "../session/steps.ts";

/** Unambiguous, since the step's name comes last and contains no `|`. */
export function idempotencyKey(sessionId: string, step: Step): string {
  return `${sessionId}|${step}`;
}
