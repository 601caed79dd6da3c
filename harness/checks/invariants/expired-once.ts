/** One expiry: a second one would tell the user twice, or put a session that was cleaned up back into the state `expired`. */

import { isUnder } from "../../history/law.ts";
import type { Invariant } from "../invariant.ts";
import { effectsNotLandedOnce } from "../landed-once.ts";
import { interruptedIn, sessionBySession } from "../session-by-session.ts";

export const expiredOnce: Invariant<"expired-once"> = sessionBySession({
  id: "expired-once",
  sentence: "a session expires exactly once",
  exposure: interruptedIn((step) => step === "expire"),
  violations: (session, { law }) => (isUnder(law, "expire") ? effectsNotLandedOnce(session, "expire") : []),
});
