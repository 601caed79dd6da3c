/** A second token is a second way in that nobody revokes; a missing one locks the user out. */

import type { Invariant } from "../invariant.ts";
import { effectsNotLandedOnce } from "../landed-once.ts";
import { interruptedIn, sessionBySession } from "../session-by-session.ts";

export const loginOnce: Invariant<"login-once"> = sessionBySession({
  id: "login-once",
  sentence: "exactly one token is issued and cached",
  exposure: interruptedIn((step) => step === "login"),
  violations: (session) => effectsNotLandedOnce(session, "login"),
});
