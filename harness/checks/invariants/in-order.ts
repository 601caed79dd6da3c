/** Effects land in the order of the lifecycle: a zombie that wakes up late, or a retry that lands again, goes backwards. */
import { effectRank, isUnder } from "../../history/law.ts";
import type { Invariant } from "../invariant.ts";
import { interruptedAnywhere, sessionBySession } from "../session-by-session.ts";

export const inOrder: Invariant<"in-order"> = sessionBySession({
  id: "in-order",
  sentence: "effects land in lifecycle order",
  exposure: interruptedAnywhere,
  *violations({ landed }, { law }) {
    let furthest = landed[0];
    for (const landing of landed) {
      if (furthest === undefined) return;
      if (!isUnder(law, landing.step)) {
        yield { what: `${landing.effect} landed, and there is no step ${landing.step}`, evidence: [landing] };
        return;
      }
      if (effectRank(law, landing.step, landing.effect) < effectRank(law, furthest.step, furthest.effect)) {
        const what = `${landing.effect} of ${landing.step} landed after ${furthest.effect} of ${furthest.step}`;
        yield { what, evidence: [furthest, landing] };
        return;
      }
      furthest = landing;
    }
  },
});
