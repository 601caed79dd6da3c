/**
 * What a store no longer knows after a fault, though it had acknowledged it: [ is the moment from which nothing is kept, ✗ the
 * fault, ] its end.
 *
 *     forgotten   ──[ start acknowledged ── login ──✗ ]                     gone with its start: nobody works for it any more
 *     set back    ── start ──[ record:1 ── record:2 ──✗ ]  record:1 ──      goes on where it was at [
 *     untouched   ── start ── record:1 ──[  ✗ ]  record:2 ──
 */
import type { History, SessionHistory } from "./history.ts";
import type { Forgetting } from "./outages.ts";

/**
 * The fault that the store forgot a session with, start and all: all that was known of it came since the store forgets, and it
 * never came to its end, or was started again. Null for a session that the store knows. Pure.
 */
export function forgottenWith(session: SessionHistory, { forgettings }: History): Forgetting | null {
  const { starts, work, results } = session;
  const found = forgettings.find(({ fromMs, toMs, keepsStarts }) => {
    const wasThere = [...starts, ...work].filter(({ at }) => at <= toMs);
    const isKept = wasThere.some(({ at, kind }) => at < fromMs || (keepsStarts && kind === "started"));
    const isStartedAgain = starts.some(({ at }) => at > toMs);
    return wasThere.length > 0 && !isKept && (results.length === 0 || isStartedAgain);
  });
  return found ?? null;
}
