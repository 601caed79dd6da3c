/**
 * Many callers, one lifecycle. The engine must choose one caller's spec and run that, whole; a blend of two,
 * or two answers, would show that two lifecycles ran. How often each effect landed is for other invariants.
 */
import { dequal } from "dequal";
import type { Invariant } from "../invariant.ts";
import { sessionBySession } from "../session-by-session.ts";
import { fits } from "../spec-that-ran.ts";

export const startedOnce: Invariant<"started-once"> = sessionBySession({
  id: "started-once",
  sentence:
    "however many callers start an id, one lifecycle runs, on one of the specs that callers passed, whole; all callers get the same result",
  exposure: (session) => (session.calls.length > 1 ? [session.session] : []),
  *violations(session, { law }) {
    const { calls, work, results } = session;
    if (!calls.some(({ spec }) => fits(spec, session, law))) {
      const effects = work.filter((entry) => entry.kind !== "begin");
      yield { what: "what ran is none of the specs that callers passed", evidence: [...calls, ...effects] };
    }
    const [first, ...others] = results;
    const different = others.find(({ result }) => !dequal(result, first?.result));
    if (first !== undefined && different !== undefined) {
      yield { what: "two callers got different results", evidence: [first, different] };
    }
  },
});
