/**
 * Counting landings: the heart of every invariant that says "exactly once".
 */
import { effectsOf, type Step } from "../../implementations/session/steps.ts";
import type { JudgedSession, Violation } from "./invariant.ts";

/** Every effect of `step` that did not land exactly once, or, where the session need not exist, landed more than once. */
export function* effectsNotLandedOnce(
  session: JudgedSession,
  step: Step,
): Iterable<Omit<Violation, "session">> {
  for (const effect of effectsOf(step)) {
    const landings = session.landed.filter((landing) => landing.step === step && landing.effect === effect);
    if (landings.length > 1) {
      yield { what: `${effect} of ${step} landed ${landings.length} times`, evidence: landings };
    }
    if (landings.length === 0 && mustExist(session)) {
      const executions = session.begins.filter((begin) => begin.step === step);
      yield { what: `${effect} of ${step} never landed`, evidence: [...session.starts, ...executions] };
    }
  }
}

/**
 * A session exists once a start of it was acknowledged. After a start that failed it may or may not exist; an effect
 * that landed shows that it does, and then everything applies.
 */
function mustExist(session: JudgedSession): boolean {
  return session.starts.length > 0 || session.landed.length > 0;
}
