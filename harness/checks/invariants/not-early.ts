/**
 * A session may not expire under its user's hands. The idle window counts from the last landed `mark-idle`
 * before the expiry; 1 ms is given for clocks that round, and as much as a clock was ahead by which the engine tells that it is over.
 */
import { effectsOf } from "../../../implementations/session/steps.ts";
import { mayBeEarlyByMs } from "../../history/clocks.ts";
import type { EffectEntry } from "../../history/history.ts";
import { idleMsUnder } from "../../history/law.ts";
import type { Invariant } from "../invariant.ts";
import { interruptedIn, leftWaiting, misclockedInWait, sessionBySession } from "../session-by-session.ts";
import { specsThatMayHaveRun } from "../spec-that-ran.ts";

const interruptedAroundWait = interruptedIn((step) => step === "mark-idle" || step === "expire");

export const notEarly: Invariant<"not-early"> = sessionBySession({
  id: "not-early",
  sentence: "expire lands no sooner than the idle timeout after the last landed mark-idle",
  exposure: (session, judged) => [
    ...interruptedAroundWait(session, judged),
    ...leftWaiting(session),
    ...misclockedInWait(session),
  ],
  *violations(session, { history, clocks, law }) {
    const idleMs = Math.min(...specsThatMayHaveRun(session).map((spec) => idleMsUnder(law, spec)));
    const [firstEffect] = effectsOf(law.wakesWith);
    let markedIdle: EffectEntry | null = null;
    for (const landing of session.landed) {
      if (landing.effect === "set-idle") markedIdle = landing;
      if (landing.step !== law.wakesWith || landing.effect !== firstEffect) continue;
      if (markedIdle === null) {
        yield { what: "expired without having been marked idle", evidence: [landing] };
        continue;
      }
      const dueAfterMs = idleMs - mayBeEarlyByMs(history, clocks, markedIdle.at, landing.at);
      if (landing.at - markedIdle.at < dueAfterMs - 1) {
        const what = `expired ${landing.at - markedIdle.at} ms after mark-idle, where ${dueAfterMs} ms were due`;
        yield { what, evidence: [markedIdle, landing] };
      }
    }
  },
});
