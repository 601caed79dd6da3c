/** What the callers were told is what happened: the lifecycle's result against the world's ledger, to the millisecond. */
import type { SessionResult } from "../../../implementations/session/spec.ts";
import type { Effect } from "../../../implementations/session/steps.ts";
import { isUnder, type Law } from "../../history/law.ts";
import type { Invariant, JudgedSession } from "../invariant.ts";
import { interruptedAnywhere, sessionBySession } from "../session-by-session.ts";
import { specsThatMayHaveRun } from "../spec-that-ran.ts";

export const resultTrue: Invariant<"result-true"> = sessionBySession({
  id: "result-true",
  sentence: "the result that callers got agrees with the world",
  exposure: interruptedAnywhere,
  *violations(session, { law }) {
    for (const entry of session.results) {
      const untrue = untrueFields(entry.result, session, law);
      if (untrue.length === 0) continue;
      const what = `the result disagrees with the world in ${untrue.join(", ")}`;
      yield { what, evidence: [entry, ...session.landed] };
    }
  },
});

function untrueFields(result: SessionResult, session: JudgedSession, law: Law): readonly string[] {
  const landedAt = (effect: Effect, at: number): boolean =>
    session.landed.some((landing) => landing.effect === effect && landing.at === at);
  const specs = specsThatMayHaveRun(session);
  const agrees: Record<keyof SessionResult, boolean> = {
    sessionId: result.sessionId === session.session,
    userId: specs.some(({ userId }) => userId === result.userId),
    finalStatus: result.finalStatus === "cleaned_up",
    activitiesRecorded: specs.some(
      ({ userId, activities }) => userId === result.userId && activities.length === result.activitiesRecorded,
    ),
    loginAt: landedAt("issue-token", result.loginAt),
    expiredAt: landedAt(isUnder(law, "expire") ? "set-expired" : "write-audit", result.expiredAt),
    cleanedAt: landedAt("write-audit", result.cleanedAt),
  };
  return Object.entries(agrees)
    .filter(([, itDoes]) => !itDoes)
    .map(([field]) => field);
}
