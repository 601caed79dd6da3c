import { describe, expect, test } from "vitest";
import { completed } from "../checks/invariants/completed.ts";
import { noResidue } from "../checks/invariants/no-residue.ts";
import { repeatsExplained } from "../checks/invariants/repeats-explained.ts";
import { timerKept } from "../checks/invariants/timer-kept.ts";
import { type HandWritten, handWritten, leaseMs, spec } from "../testing/hand-written.ts";
import { forgottenWith } from "./forgets.ts";

const sinceMs = 500;
/** Done within that time. */
const short = { ...spec, idleTimeoutMs: 100 };

/** The store fails over, and is back 100 ms later without what it acknowledged in the last 500 ms. */
function failsOver(run: HandWritten, keeps: { readonly keepsStarts?: true } = {}): HandWritten {
  const fault = { kind: "fault", fault: "f1", faultKind: "failover", workers: [] } as const;
  return run
    .write({ ...fault, forgets: { sinceMs, ...keeps } })
    .wait(100)
    .ends("f1");
}

function begun(of = spec): HandWritten {
  return handWritten(of).workers("w1#1", "w2#1");
}

function isForgotten(run: HandWritten): boolean {
  const history = run.history();
  const session = history.sessions.get("s1");
  return session !== undefined && forgottenWith(session, history) !== null;
}

describe("a session that was started since the store forgets", () => {
  const inLag = () => failsOver(begun().starts().runs("login", "w1#1"));

  test("is forgotten, and judged by nothing", () => {
    const run = inLag().inspected("world", { session: "s1", what: "1 live token" }).inspected("store");
    expect(isForgotten(run)).toBe(true);
    expect(run.violationsOf(completed)).toEqual([]);
    expect(run.violationsOf(noResidue)).toEqual([]);
  });

  test("must be finished where what took the store's place acknowledged it", () => {
    const fault = { kind: "fault", fault: "f1", faultKind: "failover", workers: [] } as const;
    const run = begun()
      .write({ ...fault, forgets: { sinceMs } })
      .wait(200)
      .starts();
    run.write({ kind: "fault-ended", fault: "f1", deadAfterMs: 10 });
    expect(isForgotten(run)).toBe(false);
    expect(run.violationsOf(completed)).toHaveLength(1);
  });

  test("must be finished where starts are kept", () => {
    const run = failsOver(begun().starts().runs("login", "w1#1"), { keepsStarts: true });
    expect(isForgotten(run)).toBe(false);
    expect(run.violationsOf(completed)).toHaveLength(1);
  });

  test("is judged where it came to its end", () => {
    const run = failsOver(begun(short).lives("w1#1"));
    expect(isForgotten(run)).toBe(false);
  });

  test("owes nothing to a caller who had not heard of its end when it was forgotten", () => {
    const run = failsOver(begun(short).lives("w1#1").starts("c2"));
    const refused = { kind: "result-failed", session: "s1", caller: "c2", error: "not known" } as const;
    expect(run.write(refused).violationsOf(completed)).toEqual([]);
    expect(begun(short).lives("w1#1").starts("c2").write(refused).violationsOf(completed)).toHaveLength(1);
  });

  test("is another one where somebody starts it again", () => {
    const run = failsOver(begun(short).lives("w1#1")).starts("c2");
    expect(isForgotten(run)).toBe(true);
  });
});

describe("a session that is older", () => {
  const older = () => begun().starts().runs("login", "w1#1").begins("record:0", "w1#1").wait(sinceMs);

  test("must be finished", () => {
    const run = failsOver(older());
    expect(isForgotten(run)).toBe(false);
    expect(run.violationsOf(completed)).toHaveLength(1);
  });

  test("may do again what it did since", () => {
    const run = failsOver(older().begins("record:1", "w1#1").begins("mark-idle", "w1#1"))
      .wait(3 * leaseMs)
      .runsFrom("record:0", "mark-idle", "w2#1");
    expect(run.violationsOf(repeatsExplained)).toEqual([]);
  });

  test("may not do again what was recorded before, nor anything a third time", () => {
    const run = failsOver(older().begins("record:1", "w1#1"))
      .wait(3 * leaseMs)
      .runs("login", "w2#1");
    expect(run.violationsOf(repeatsExplained)).toMatchObject([
      { what: "login was executed after record:0 had begun" },
    ]);
    const thrice = failsOver(older().begins("record:1", "w1#1"))
      .wait(3 * leaseMs)
      .runsFrom("record:0", "record:1", "w2#1")
      .runs("record:0", "w2#1");
    expect(thrice.violationsOf(repeatsExplained)).toHaveLength(1);
  });

  test("may count its wait anew where it was marked idle since, and nobody else may", () => {
    const marked = () => begun().starts().runsFrom("login", "mark-idle", "w1#1");
    const late = (run: HandWritten) =>
      failsOver(run)
        .wait(5 * leaseMs)
        .begins("mark-idle", "w2#1")
        .runsFrom("expire", "cleanup", "w2#1");
    expect(late(older().runsFrom("record:1", "mark-idle", "w1#1")).violationsOf(timerKept)).toEqual([]);
    expect(late(marked().wait(sinceMs)).violationsOf(timerKept)).toHaveLength(1);
  });
});
