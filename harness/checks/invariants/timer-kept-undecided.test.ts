import { describe, expect, it } from "vitest";
import { handWritten } from "../../testing/hand-written.ts";
import { timerKept } from "./timer-kept.ts";

/** Marked idle by w1#1 just now, so that the deadline is in 6,000 ms, six leases; w2#1 is there as well. */
function waiting() {
  return handWritten().workers("w1#1", "w2#1").starts().runsFrom("login", "mark-idle", "w1#1");
}

/** The same, and who marked the session idle is killed. */
function markerKilled(afterMs: number) {
  return waiting().wait(afterMs).kills("f1", ["w1#1"]);
}

describe("timer-kept", () => {
  it("is undecided where two faults may have hit the wake, and the session is late", () => {
    const twice = () =>
      markerKilled(4_500)
        .workers("w3#1", "w4#1")
        .wait(1_700)
        .kills("f2", ["w2#1"])
        .wait(1_500)
        .kills("f3", ["w3#1"]);
    const finding = timerKept.check(twice().wait(1_500).runs("expire", "w4#1").case());
    expect(finding).toMatchObject({ sessions: 1, undecided: 1, violations: [] });
    expect(finding.exposed.size).toBe(0);
    const onTime = timerKept.check(twice().runs("expire", "w4#1").case());
    expect(onTime).toMatchObject({ undecided: 0, violations: [] });
    expect(onTime.exposed.size).toBe(1);
  });

  it("is undecided where the first of two such faults came shortly before the deadline", () => {
    const delayed = waiting()
      .workers("w3#1")
      .wait(5_900)
      .kills("f1", ["w1#1"])
      .wait(1_200)
      .kills("f2", ["w2#1", "w3#1"], "kill-all")
      .wait(5_000)
      .workers("w1#2")
      .runs("expire", "w1#2");
    expect(timerKept.check(delayed.case())).toMatchObject({ undecided: 1, violations: [] });
  });

  it("is undecided where a late session tells no reason: who held it when it was restarted, nobody knows", () => {
    const holder = waiting().workers("w3#1").wait(2_000).kills("f1", ["w1#1"]).wait(3_500);
    const late = holder.kills("f2", ["w2#1"]).wait(5_000).runs("expire", "w3#1");
    expect(timerKept.check(late.case())).toMatchObject({ undecided: 1, violations: [] });
    expect(late.exposedTo(timerKept)).toEqual({});
  });

  it("is undecided where all workers stalled over the wake, as their beats show", () => {
    const beats = (silentMs: number) => {
      const late = markerKilled(4_500).wait(1_000);
      for (let at = 0; at < 5_000; at += silentMs)
        late.wait(silentMs).write({ kind: "alive", worker: "w2#1" });
      return timerKept.check(late.runs("expire", "w2#1").case());
    };
    expect(beats(1_000)).toMatchObject({ undecided: 1, violations: [] });
    expect(beats(100)).toMatchObject({ undecided: 0, violations: [{ session: "s1" }] });
  });
});
