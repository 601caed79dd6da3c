/** The promise that people mean by "exactly once": no activity of the user is lost, and none is there twice. */
import { isRecordStep } from "../../../implementations/session/steps.ts";
import { type Law, stepsUnder } from "../../history/law.ts";
import type { Invariant, JudgedSession, Violation } from "../invariant.ts";
import { effectsNotLandedOnce } from "../landed-once.ts";
import { interruptedIn, sessionBySession } from "../session-by-session.ts";
import { specsThatMayHaveRun } from "../spec-that-ran.ts";

export const recordedOnce: Invariant<"recorded-once"> = sessionBySession({
  id: "recorded-once",
  sentence: "every activity lands exactly once: none lost, none twice",
  exposure: interruptedIn(isRecordStep),
  violations: (session, { law }) => {
    const counts = new Set(specsThatMayHaveRun(session).map(({ activities }) => activities.length));
    const bySpec = [...counts].map((activityCount) => [
      ...activitiesNotLandedOnce(session, law, activityCount),
    ]);
    return bySpec.some((found) => found.length === 0) ? [] : (bySpec[0] ?? []);
  },
});

function* activitiesNotLandedOnce(
  session: JudgedSession,
  law: Law,
  activityCount: number,
): Iterable<Omit<Violation, "session">> {
  for (const step of stepsUnder(law, activityCount)) {
    if (isRecordStep(step)) yield* effectsNotLandedOnce(session, step);
  }
}
