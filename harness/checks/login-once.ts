/** A second token is a second way in that nobody revokes; a missing one locks the user out. */
import { effectsNotLandedOnce } from "./landed-once.ts";
import { interruptedIn, sessionBySession } from "./session-by-session.ts";
import type { Invariant } from "./verdict.ts";

export const loginOnce: Invariant = sessionBySession({
  id: "login-once",
  sentence: "exactly one token is issued and cached",
  exposure: interruptedIn((step) => step === "login"),
  violations: (session) => effectsNotLandedOnce(session, "login"),
});
