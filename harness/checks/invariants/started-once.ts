/**
 * Many callers, one lifecycle. The engine must choose one caller's spec and run that, whole; a blend of two,
 * or two answers, would show that two lifecycles ran. How often each effect landed is for other invariants. Where the store forgot
 * that a session had come to its end, that may be made once more: what is heard from then on may differ from what was heard of the forgotten one.
 */
import { dequal } from "dequal";
import type { History } from "../../history/history.ts";
import type { EntryOf } from "../../world/entry.ts";
import type { Invariant } from "../invariant.ts";
import { sessionBySession } from "../session-by-session.ts";
import { fits } from "../spec-that-ran.ts";

export const startedOnce: Invariant<"started-once"> = sessionBySession({
  id: "started-once",
  sentence:
    "however many callers start an id, one lifecycle runs, on one of the specs that callers passed, whole; all callers get the same result",
  exposure: (session) => (session.calls.length > 1 ? [session.session] : []),
  *violations(session, { history, law }) {
    const { calls, work, results } = session;
    if (!calls.some(({ spec }) => fits(spec, session, law))) {
      const effects = work.filter((entry) => entry.kind !== "begin");
      yield { what: "what ran is none of the specs that callers passed", evidence: [...calls, ...effects] };
    }
    let [told, ...later] = results;
    for (const next of later) {
      if (told === undefined || isForgotten(told, next, history)) told = next;
      else if (!dequal(next.result, told.result)) {
        yield { what: "two callers got different results", evidence: [told, next] };
        return;
      }
    }
  },
});

/** Whether the store forgot the end that the earlier result tells of, before the later one was heard. */
function isForgotten({ at }: EntryOf<"result">, later: EntryOf<"result">, { forgettings }: History): boolean {
  return forgettings.some(({ fault, fromMs, toMs }) => fromMs <= at && at <= toMs && fault.at < later.at);
}
