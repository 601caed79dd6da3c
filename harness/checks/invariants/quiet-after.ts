/** Once a session is cleaned up, it is over: whatever lands later comes from a zombie. */
import { effectsOf, type Step } from "../../../implementations/session/steps.ts";
import type { Invariant } from "../invariant.ts";
import { interruptedAnywhere, sessionBySession } from "../session-by-session.ts";

export const quietAfter: Invariant<"quiet-after"> = sessionBySession({
  id: "quiet-after",
  sentence: "nothing lands after cleanup",
  exposure: interruptedAnywhere,
  *violations({ landed }, { law }) {
    const missing = new Set(effectsOf(law.order.at(-1) as Step)); // no law ends with the records
    const cleanedUpBy = landed.findIndex(({ effect }) => missing.delete(effect) && missing.size === 0);
    if (cleanedUpBy === -1 || cleanedUpBy === landed.length - 1) return;
    const late = landed.slice(cleanedUpBy + 1);
    const what = `${late.length} effects landed after cleanup: ${late.map(({ effect }) => effect).join(", ")}`;
    yield { what, evidence: landed.slice(cleanedUpBy) };
  },
});
