/** Cleanup has three effects and a crash may fall between any two: each must land, and none again. */

import type { Invariant } from "../invariant.ts";
import { effectsNotLandedOnce } from "../landed-once.ts";
import { interruptedIn, sessionBySession } from "../session-by-session.ts";

export const cleanedOnce: Invariant<"cleaned-once"> = sessionBySession({
  id: "cleaned-once",
  sentence: "revoke, clear and audit land exactly once each",
  exposure: interruptedIn((step) => step === "cleanup"),
  violations: (session) => effectsNotLandedOnce(session, "cleanup"),
});
