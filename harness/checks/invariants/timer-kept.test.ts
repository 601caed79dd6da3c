import { describe, expect, it } from "vitest";
import { handWritten, spec } from "../../testing/hand-written.ts";
import { timerKept } from "./timer-kept.ts";

/** Marked idle by w1#1 just now, so that the deadline is in 6,000 ms, six leases; w2#1 is there as well. */
function waiting(of = spec) {
  return handWritten(of).workers("w1#1", "w2#1").starts().runsFrom("login", "mark-idle", "w1#1");
}

/** The same, and all workers are killed after `afterMs`; `w1#2` is there `awayMs` later. */
function allKilled(afterMs: number, awayMs: number, of = spec) {
  return waiting(of).wait(afterMs).kills("f1", ["w1#1", "w2#1"], "kill-all").wait(awayMs).workers("w1#2");
}

/** The same, and only who marked the session idle is killed. */
function markerKilled(afterMs: number) {
  return waiting().wait(afterMs).kills("f1", ["w1#1"]);
}

describe("timer-kept", () => {
  it("passes wakes that are half a lease and more late after faults: how prompt they are is not judged", () => {
    for (const lateMs of [500, 800, 1_100, 1_300]) {
      const late = markerKilled(4_500)
        .wait(1_500 + lateMs)
        .runs("expire", "w2#1");
      expect(late.violationsOf(timerKept)).toEqual([]);
      expect(late.exposedTo(timerKept)).toEqual({ s1: ["f1"] });
    }
  });

  it("fails a clock that was restarted by the death of whoever marked the session idle", () => {
    const restarted = markerKilled(4_500)
      .wait(1_000 + 6_000)
      .runs("expire", "w2#1");
    expect(restarted.violationsOf(timerKept)).toMatchObject([
      {
        session: "s1",
        what: "began to expire 5503 ms after its deadline",
        evidence: [{ effect: "set-idle" }, { kind: "begin", step: "expire" }],
      },
    ]);
  });

  it("fails a clock that a caller restarted, late enough in the wait to tell, though no fault did it", () => {
    const called = (afterMs: number) =>
      waiting().wait(afterMs).starts("c2").wait(6_000).runs("expire", "w2#1");
    expect(called(4_500).violationsOf(timerKept)).toMatchObject([{ session: "s1" }]);
    expect(called(4_500).exposedTo(timerKept)).toEqual({});
    expect(called(3_000).violationsOf(timerKept)).toEqual([]);
    const kept = waiting().wait(4_500).starts("c2").wait(1_500).runs("expire", "w2#1");
    expect(kept.violationsOf(timerKept)).toEqual([]);
  });

  it("draws the line three leases after the deadline", () => {
    const wake = (lateMs: number) =>
      markerKilled(4_500)
        .wait(1_500 - 3 + lateMs)
        .runs("expire", "w2#1");
    expect(wake(3_000).violationsOf(timerKept)).toEqual([]);
    expect(wake(3_001).violationsOf(timerKept)).toHaveLength(1);
  });

  it("judges the begin of expire, and not when its effect lands", () => {
    const slow = markerKilled(4_500).wait(1_500).begins("expire", "w2#1").wait(9_000).lands("set-expired");
    expect(slow.violationsOf(timerKept)).toEqual([]);
  });

  it("is exposed by nothing that came so soon that a restarted clock would hardly be late", () => {
    expect(markerKilled(3_990).wait(2_500).runs("expire", "w2#1").exposedTo(timerKept)).toEqual({});
    expect(markerKilled(4_000).wait(2_500).runs("expire", "w2#1").exposedTo(timerKept)).toEqual({
      s1: ["f1"],
    });
  });

  it("is not exposed by the death of a bystander, nor by a fault on a client", () => {
    const bystander = waiting().wait(4_500).kills("f1", ["w2#1"]).wait(1_600).runs("expire", "w1#1");
    expect(bystander.exposedTo(timerKept)).toEqual({});
    const client = waiting().wait(4_500).strikes("f1", "partition", [], { how: "stop", client: 0 });
    expect(client.wait(8_000).runs("expire", "w1#1").violationsOf(timerKept)).toEqual([]);
    expect(client.exposedTo(timerKept)).toEqual({});
  });

  it("moves the deadline to the end of a kill-all over it", () => {
    const over = () => allKilled(5_000, 5_500); // until 4,508 ms after the deadline
    expect(over().wait(2_900).runs("expire", "w1#2").violationsOf(timerKept)).toEqual([]);
    expect(over().wait(2_900).runs("expire", "w1#2").exposedTo(timerKept)).toEqual({ s1: ["f1"] });
    expect(over().wait(3_100).runs("expire", "w1#2").violationsOf(timerKept)).toMatchObject([
      {
        what: expect.stringMatching(
          /^began to expire \d+ ms after its deadline \(310\d ms after somebody could\)$/,
        ),
      },
    ]);
  });

  it("does not move it for a kill-all that ended before it", () => {
    const ended = () => allKilled(4_000, 1_500); // until half a lease before the deadline
    expect(ended().wait(3_400).runs("expire", "w1#2").violationsOf(timerKept)).toEqual([]);
    expect(ended().wait(3_600).runs("expire", "w1#2").violationsOf(timerKept)).toHaveLength(1);
  });

  it("moves it for a kill-all that began just after it, within a lease, and for no later one", () => {
    const began = (ms: number) =>
      waiting()
        .wait(6_000 + ms)
        .kills("f1", ["w1#1", "w2#1"], "kill-all")
        .wait(4_000)
        .workers("w1#2");
    expect(began(900).wait(2_900).runs("expire", "w1#2").violationsOf(timerKept)).toEqual([]);
    // Who came too late for any excuse: a wake that was due for more than a lease was not hit by this.
    expect(began(1_100).wait(2_900).runs("expire", "w1#2").violationsOf(timerKept)).toHaveLength(1);
  });

  it("moves it to the end of a store's outage, and from there to the end of a pause that runs then", () => {
    const both = () =>
      waiting()
        .wait(5_500)
        .strikes("f1", "kill-store")
        .wait(2_000)
        .strikes("f2", "pause", ["w2#1"])
        .wait(500)
        .ends("f1")
        .wait(1_500)
        .ends("f2");
    expect(both().wait(2_900).runs("expire", "w1#1").violationsOf(timerKept)).toEqual([]);
    expect(both().wait(3_100).runs("expire", "w1#1").violationsOf(timerKept)).toHaveLength(1);
    expect(both().wait(2_900).runs("expire", "w1#1").exposedTo(timerKept)).toEqual({ s1: ["f1"] });
    const outage = () => waiting().wait(4_500).strikes("f1", "kill-store").wait(2_000).ends("f1");
    expect(outage().wait(2_900).runs("expire", "w1#1").exposedTo(timerKept)).toEqual({ s1: ["f1"] });
    expect(outage().wait(3_100).runs("expire", "w1#1").violationsOf(timerKept)).toHaveLength(1);
  });

  it("passes a session whose next worker died between the wake and its begin", () => {
    const unseen = markerKilled(4_500).wait(1_510).workers("w3#1").kills("f2", ["w2#1"]);
    expect(unseen.wait(1_700).runs("expire", "w3#1").violationsOf(timerKept)).toEqual([]);
    expect(unseen.exposedTo(timerKept)).toEqual({ s1: ["f1"] });
  });

  it("passes a session whose only worker dies again and again before the wake, on a machine that takes long to start the next", () => {
    const dying = (takesUpAfterMs: number) => {
      const alone = handWritten().workers("w1#1").starts().runsFrom("login", "mark-idle", "w1#1").wait(5_990);
      for (const [index, worker] of ["w1#1", "w1#2", "w1#3"].entries()) {
        alone
          .kills(`f${index}`, [worker], "crash-point")
          .wait(5_000)
          .workers(`w1#${index + 2}`);
        alone
          .wait(takesUpAfterMs)
          .begins("mark-idle", `w1#${index + 2}`)
          .wait(300);
      }
      return alone.wait(1_000).runs("expire", "w1#4");
    };
    expect(dying(1_500).violationsOf(timerKept)).toEqual([]);
  });

  it("fails a clock that was restarted at the first of two kill-alls", () => {
    const restarted = allKilled(2_000, 2_500)
      .wait(500)
      .kills("f2", ["w1#2"], "kill-all")
      .wait(500)
      .workers("w1#3")
      .wait(5_000)
      .runs("expire", "w1#3");
    expect(restarted.violationsOf(timerKept)).toHaveLength(1);
    expect(restarted.exposedTo(timerKept)).toEqual({ s1: ["f1", "f2"] });
  });

  it("fails a window that is counted anew from a takeover four and a half leases later", () => {
    const died = () =>
      handWritten()
        .workers("w1#1")
        .starts()
        .runsFrom("login", "record:1", "w1#1")
        .begins("mark-idle", "w1#1")
        .lands("set-idle")
        .kills("f1", ["w1#1"], "crash-point")
        .wait(4_500)
        .workers("w1#2")
        .runs("mark-idle", "w1#2"); // suppressed by its key
    expect(died().wait(6_000).runs("expire", "w1#2").violationsOf(timerKept)).toHaveLength(1);
    expect(died().wait(1_500).runs("expire", "w1#2").violationsOf(timerKept)).toEqual([]);
    expect(died().wait(1_500).runs("expire", "w1#2").exposedTo(timerKept)).toEqual({ s1: ["f1"] });
  });

  it("fails any session whose wake was lost, though a slow retry repaired it", () => {
    expect(
      waiting()
        .wait(6_000 + 9_990)
        .runs("expire", "w1#1")
        .violationsOf(timerKept),
    ).toEqual([]);
    const lost = waiting()
      .wait(6_000 + 12_000)
      .runs("expire", "w1#1");
    expect(lost.exposedTo(timerKept)).toEqual({});
    expect(lost.violationsOf(timerKept)).toHaveLength(1);
  });

  it("fails one that never expires, where the history reaches that far", () => {
    expect(waiting().wait(15_900).inspected("world").violationsOf(timerKept)).toEqual([]);
    expect(waiting().wait(16_100).inspected("world").violationsOf(timerKept)).toMatchObject([
      { what: "had not begun to expire 10101 ms after its deadline", evidence: [{ effect: "set-idle" }] },
    ]);
  });

  it("asks no expiry of a session whose start was never acknowledged: nobody waited for it", () => {
    const unheard = handWritten().workers("w1#1").calls().runsFrom("login", "mark-idle", "w1#1");
    expect(unheard.wait(30_000).inspected("world").violationsOf(timerKept)).toEqual([]);
  });

  it("judges a window of two leases for a lost wake only", () => {
    const short = { ...spec, idleTimeoutMs: 2_000 };
    const late = () => allKilled(1_000, 400, short).wait(7_000).runs("expire", "w1#2");
    expect(timerKept.check(late().case())).toMatchObject({ sessions: 1, violations: [] });
    expect(late().exposedTo(timerKept)).toEqual({});
    expect(
      allKilled(1_000, 400, short).wait(11_000).runs("expire", "w1#2").violationsOf(timerKept),
    ).toHaveLength(1);
  });

  it("counts in leases: one of four seconds", () => {
    const lease = 4_000;
    const long = { ...spec, idleTimeoutMs: 28_000 };
    const killed = (afterMs: number) => waiting(long).wait(afterMs).kills("f1", ["w1#1"]);
    expect(killed(15_900).wait(13_000).runs("expire", "w2#1").exposedTo(timerKept, lease)).toEqual({});
    const late = (ms: number) =>
      killed(17_000)
        .wait(11_000 + ms)
        .runs("expire", "w2#1");
    expect(late(11_900).violationsOf(timerKept, lease)).toEqual([]);
    expect(late(11_900).exposedTo(timerKept, lease)).toEqual({ s1: ["f1"] });
    expect(late(12_100).violationsOf(timerKept, lease)).toHaveLength(1);
    expect(
      waiting(long)
        .wait(28_000 + 39_000)
        .runs("expire", "w1#1")
        .violationsOf(timerKept, lease),
    ).toEqual([]);
    expect(
      waiting(long)
        .wait(28_000 + 41_000)
        .runs("expire", "w1#1")
        .violationsOf(timerKept, lease),
    ).toHaveLength(1);
  });

  it("holds racing callers to the longest timeout that may have run", () => {
    const race = (idleTimeoutMs: number) =>
      handWritten()
        .workers("w1#1", "w2#1")
        .starts()
        .starts("c2", { ...spec, idleTimeoutMs })
        .runsFrom("login", "mark-idle", "w1#1")
        .wait(4_500)
        .kills("f1", ["w1#1"])
        .wait(5_500)
        .runs("expire", "w2#1");
    expect(race(8_000).violationsOf(timerKept)).toEqual([]);
    expect(race(1_000).violationsOf(timerKept)).toHaveLength(1);
  });

  it("counts from no mark-idle that a zombie lands after the wake", () => {
    const late = markerKilled(4_500)
      .wait(7_000)
      .runs("expire", "w2#1")
      .begins("mark-idle", "w3#1")
      .lands("set-idle");
    expect(late.violationsOf(timerKept)).toHaveLength(1);
  });
});
