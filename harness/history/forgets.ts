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

/** The fault that the store forgot a session with, start and all: all that was known of it came since the store forgets. Pure. */
export function goneWith({ starts, work }: SessionHistory, { forgettings }: History): Forgetting | null {
  const found = forgettings.find(({ fromMs, toMs, keepsStarts }) => {
    const wasThere = [...starts, ...work].filter(({ at }) => at <= toMs);
    const isKept = wasThere.some(({ at, kind }) => at < fromMs || (keepsStarts && kind === "started"));
    return wasThere.length > 0 && !isKept;
  });
  return found ?? null;
}

/**
 * The same of a session that never came to its end, or was started again, as another one of its name. Null for a session that
 * the store knows, or that was done before it was forgotten. Pure.
 */
export function forgottenWith(session: SessionHistory, history: History): Forgetting | null {
  const gone = goneWith(session, history);
  if (gone === null) return null;
  const isStartedAgain = session.starts.some(({ at }) => at > gone.toMs);
  return session.results.length === 0 || isStartedAgain ? gone : null;
}
