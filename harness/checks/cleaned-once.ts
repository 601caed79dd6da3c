/** Cleanup has three effects and a crash may fall between any two: each must land, and none again. */
import { effectsNotLandedOnce } from "./landed-once.ts";
import { interruptedIn, sessionBySession } from "./session-by-session.ts";
import type { Invariant } from "./verdict.ts";

export const cleanedOnce: Invariant = sessionBySession({
  id: "cleaned-once",
  sentence: "revoke, clear and audit land exactly once each",
  exposure: interruptedIn((step) => step === "cleanup"),
  violations: (session) => effectsNotLandedOnce(session, "cleanup"),
});
