/** The promise that people mean by "exactly once": no activity of the user is lost, and none is there twice. */
import { isRecordStep, recordStep } from "../../../implementations/session/steps.ts";
import type { Invariant, JudgedSession, Violation } from "../invariant.ts";
import { effectsNotLandedOnce } from "../landed-once.ts";
import { interruptedIn, sessionBySession } from "../session-by-session.ts";
import { specsThatMayHaveRun } from "../spec-that-ran.ts";

export const recordedOnce: Invariant<"recorded-once"> = sessionBySession({
  id: "recorded-once",
  sentence: "every activity lands exactly once: none lost, none twice",
  exposure: interruptedIn(isRecordStep),
  violations: (session) => {
    const counts = new Set(specsThatMayHaveRun(session).map(({ activities }) => activities.length));
    const bySpec = [...counts].map((activityCount) => [...activitiesNotLandedOnce(session, activityCount)]);
    return bySpec.some((found) => found.length === 0) ? [] : (bySpec[0] ?? []);
  },
});

function* activitiesNotLandedOnce(
  session: JudgedSession,
  activityCount: number,
): Iterable<Omit<Violation, "session">> {
  for (let index = 0; index < activityCount; index++) yield* effectsNotLandedOnce(session, recordStep(index));
}
