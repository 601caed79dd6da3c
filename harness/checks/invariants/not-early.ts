/**
 * A session may not expire under its user's hands. The idle window counts from the last landed `mark-idle`
 * before the expiry; 1 ms is given for clocks that round.
 */
import type { EffectEntry } from "../../history/history.ts";
import type { Invariant } from "../invariant.ts";
import { interruptedIn, leftWaiting, sessionBySession } from "../session-by-session.ts";
import { specsThatMayHaveRun } from "../spec-that-ran.ts";

const interruptedAroundWait = interruptedIn((step) => step === "mark-idle" || step === "expire");

export const notEarly: Invariant<"not-early"> = sessionBySession({
  id: "not-early",
  sentence: "expire lands no sooner than the idle timeout after the last landed mark-idle",
  exposure: (session, judged) => [...interruptedAroundWait(session, judged), ...leftWaiting(session)],
  *violations(session) {
    const idleTimeoutMs = Math.min(...specsThatMayHaveRun(session).map((spec) => spec.idleTimeoutMs));
    let markedIdle: EffectEntry | null = null;
    for (const landing of session.landed) {
      if (landing.effect === "set-idle") markedIdle = landing;
      if (landing.effect !== "set-expired") continue;
      if (markedIdle === null) {
        yield { what: "expired without having been marked idle", evidence: [landing] };
      } else if (landing.at - markedIdle.at < idleTimeoutMs - 1) {
        const what = `expired ${landing.at - markedIdle.at} ms after mark-idle, where ${idleTimeoutMs} ms were due`;
        yield { what, evidence: [markedIdle, landing] };
      }
    }
  },
});
