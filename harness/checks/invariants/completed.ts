/**
 * Once everything is healed, what was started must finish: the last heal, or the session's own start if that was
 * later, plus 30 s, or ten leases where these are longer, and its idle window; and as much as clocks jumped, and as
 * a step that was ordered to fail was let rest before each retry. Each caller whose start was acknowledged holds a promise: an error in place of the lifecycle's
 * result breaks it, even where another caller got the result.
 */

import { delayedByMs, expiryOf } from "../../history/clocks.ts";
import { goneWith } from "../../history/forgets.ts";
import type { History } from "../../history/history.ts";
import { idleMsUnder } from "../../history/law.ts";
import { isDoneToAll } from "../../history/outages.ts";
import type { EntryOf } from "../../world/entry.ts";
import type { Invariant, JudgedSession } from "../invariant.ts";
import { hitAnyhow, sessionBySession } from "../session-by-session.ts";
import { specsThatMayHaveRun } from "../spec-that-ran.ts";

/** How long a caller may wait once everything is healed, besides the session's idle window: so many leases, and so many ms at least. */
const activeLeases = 10;
const leastActiveMs = 30_000;

/** How long whoever calls a session that idles so long may wait once everything is healed, ms. */
export function completionBoundMs(idleMs: number, leaseMs: number): number {
  return Math.max(leastActiveMs, activeLeases * leaseMs) + idleMs;
}

/**
 * A start that was not acknowledged is indeterminate: the session may or may not exist. Nothing is violated by it, but
 * nothing is proved either, and a service that accepts nobody must not pass. That a start failed which was under way while
 * the store was down, or the caller's client cut off from it, is no riddle, and is let pass; unless its session exists all
 * the same, and did not come to its end: nobody waits for that one, so nothing else may tell that it was lost.
 */
class UnacknowledgedStartError extends Error {
  override readonly name = "UnacknowledgedStartError";
}

const ofAcknowledgedStarts = sessionBySession({
  id: "completed",
  sentence:
    "whoever had a start acknowledged gets the result within 30 s, or ten leases, and the idle window of the last heal",
  exposure: hitAnyhow,
  *violations(session, { history, leaseMs, clocks, retryDelayMs, law }) {
    const { starts, results, resultFailures, entries, begins } = session;
    const idleMs = Math.max(...specsThatMayHaveRun(session).map((spec) => idleMsUnder(law, spec)));
    const failures = begins.filter(({ order }) => order?.kind === "throw").length;
    const boundMs =
      completionBoundMs(idleMs, leaseMs) + delayedByMs(history, clocks) + failures * retryDelayMs;
    // Of what was done and then forgotten, a caller that had not heard yet never hears.
    const goneAt = goneWith(session, history)?.toMs ?? expiryOf(session, history, clocks);
    const hears = ({ caller, at }: EntryOf<"started">) =>
      goneAt === null || at > goneAt || results.some((result) => result.caller === caller);
    for (const started of starts.filter(hears)) {
      const result = results.find(({ caller }) => caller === started.caller);
      const failure = resultFailures.find(({ caller }) => caller === started.caller);
      if (result !== undefined) {
        const finishedAfterMs = result.at - Math.max(history.healedAt ?? result.at, started.at);
        if (finishedAfterMs > boundMs) {
          yield { what: `finished ${finishedAfterMs} ms after the last heal`, evidence: [started, result] };
        }
      } else if (failure !== undefined) {
        yield { what: `${started.caller} got an error and no result`, evidence: [started, failure] };
      } else {
        yield {
          what: `started by ${started.caller} and never finished`,
          evidence: [started, ...entries.slice(-1)],
        };
      }
    }
  },
});

export const completed: Invariant<"completed"> = {
  ...ofAcknowledgedStarts,
  check: (judged) => {
    const finding = ofAcknowledgedStarts.check(judged);
    const unacknowledged = judged.sessions.filter((session) =>
      session.calls.some((call) => isUnacknowledged(call, session, judged.history)),
    );
    const [session] = unacknowledged;
    if (finding.violations.length > 0 || session === undefined) return finding;
    throw new UnacknowledgedStartError(
      `${unacknowledged.length} sessions have starts that were never acknowledged, ${session.session} among them`,
    );
  },
};

/** Whether nothing says what became of this start, or why it failed. */
function isUnacknowledged(
  { caller, client, at }: EntryOf<"call">,
  { starts, landed, entries }: JudgedSession,
  { lastingFaults, forgettings }: History,
): boolean {
  if (starts.some((started) => started.caller === caller)) return false;
  const failure = entries.find((entry) => entry.kind === "start-failed" && entry.caller === caller);
  const isUnderWay = landed.length > 0 && !landed.some(({ effect }) => effect === "write-audit");
  if (failure === undefined || isUnderWay) return true;
  // While the replica was behind, it could not confirm a start that waits for it.
  if (forgettings.some(({ fromMs, toMs }) => fromMs <= failure.at && failure.at <= toMs)) return false;
  return !lastingFaults.some(
    ({ fault, fromMs, toMs }) =>
      (isDoneToAll(fault) || (client !== undefined && fault.client === client)) &&
      fromMs <= failure.at &&
      (toMs ?? failure.at) >= at,
  );
}
