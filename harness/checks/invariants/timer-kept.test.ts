import { describe, expect, it } from "vitest";
import { handWritten, spec } from "../../testing/hand-written.ts";
import { timerKept } from "./timer-kept.ts";

/** Marked idle by w1#1 just now, so that the deadline is in 6,000 ms; w2#1 is there as well. */
function waiting(of = spec) {
  return handWritten(of).workers("w1#1", "w2#1").starts().runsFrom("login", "mark-idle", "w1#1");
}

describe("timer-kept", () => {
  it("passes an expiry within 500 ms of the deadline", () => {
    expect(waiting().wait(6_498).runs("expire", "w1#1").violationsOf(timerKept)).toEqual([]);
  });

  it("fails a later one", () => {
    expect(waiting().wait(6_499).runs("expire", "w1#1").violationsOf(timerKept)).toMatchObject([
      {
        session: "s1",
        what: "expired 501 ms after its deadline",
        evidence: [{ effect: "set-idle" }, { effect: "set-expired" }],
      },
    ]);
  });

  it("does not judge sessions that idle for less than 5 s", () => {
    const short = { ...spec, idleTimeoutMs: 4_999 };
    const finding = timerKept.check(waiting(short).wait(20_000).runs("expire", "w1#1").case());
    expect(finding).toMatchObject({ sessions: 0, violations: [] });
    const long = { ...spec, idleTimeoutMs: 5_000 };
    expect(timerKept.check(waiting(long).case())).toMatchObject({ sessions: 1 });
  });

  it("holds racing callers to the longest timeout that may have run, and judges none that may have been short", () => {
    const race = (idleTimeoutMs: number) =>
      handWritten()
        .workers("w1#1")
        .starts()
        .starts("c2", { ...spec, idleTimeoutMs })
        .runsFrom("login", "mark-idle", "w1#1")
        .wait(8_000)
        .runs("expire", "w1#1");
    expect(timerKept.check(race(8_000).case())).toMatchObject({ sessions: 1, violations: [] });
    expect(timerKept.check(race(1_000).case())).toMatchObject({ sessions: 0, violations: [] });
  });

  it("asks no expiry of a session whose start was never acknowledged: nobody waited for it", () => {
    const unheard = handWritten().workers("w1#1").calls().runsFrom("login", "mark-idle", "w1#1");
    expect(unheard.wait(9_000).inspected("world").violationsOf(timerKept)).toEqual([]);
  });

  it("fails a session that never expired, once its time is over", () => {
    expect(waiting().wait(6_400).inspected("world").violationsOf(timerKept)).toEqual([]);
    expect(waiting().wait(9_000).inspected("world").violationsOf(timerKept)).toMatchObject([
      { what: "had not expired 3001 ms after its deadline", evidence: [{ effect: "set-idle" }] },
    ]);
  });

  it("grants the time without any worker after the deadline, and no more", () => {
    const outage = () =>
      waiting().wait(5_000).kills("f1", ["w1#1", "w2#1"], "kill-all").wait(3_000).workers("w1#2");
    // The deadline fell into the outage, which lasted 2,004 ms beyond it.
    expect(outage().wait(490).runs("expire", "w1#2").violationsOf(timerKept)).toEqual([]);
    expect(outage().wait(510).runs("expire", "w1#2").violationsOf(timerKept)).toHaveLength(1);
  });

  it("grants nothing for an outage that was over before the deadline: that is how a restarted clock shows", () => {
    const restarted = waiting()
      .wait(1_000)
      .kills("f1", ["w1#1", "w2#1"], "kill-all")
      .wait(1_000)
      .workers("w1#2");
    expect(restarted.wait(6_000).runs("expire", "w1#2").violationsOf(timerKept)).toHaveLength(1);
    expect(restarted.exposedTo(timerKept)).toEqual({ s1: ["f1"] });
  });

  it("grants two leases after a fault that was seen to hit the wake", () => {
    const hit = () => waiting().wait(6_300).begins("expire", "w1#1").kills("f1", ["w1#1"]);
    expect(hit().wait(1_990).runs("expire", "w2#1").violationsOf(timerKept)).toEqual([]);
    expect(hit().wait(2_010).runs("expire", "w2#1").violationsOf(timerKept)).toHaveLength(1);
    expect(hit().runs("expire", "w2#1").exposedTo(timerKept)).toEqual({ s1: ["f1"] });
  });

  it("adds the time without any worker to the two leases", () => {
    const all = () =>
      waiting().wait(6_300).begins("expire", "w1#1").kills("f1", ["w1#1", "w2#1"], "kill-all");
    const back = () => all().wait(998).workers("w1#2");
    expect(back().wait(1_990).runs("expire", "w1#2").violationsOf(timerKept)).toEqual([]);
    expect(back().wait(2_010).runs("expire", "w1#2").violationsOf(timerKept)).toHaveLength(1);
  });

  it("does not take a session for exposed that was interrupted before its deadline or after its expiry", () => {
    const early = handWritten()
      .workers("w1#1", "w2#1")
      .starts()
      .begins("login", "w1#1")
      .kills("f1", ["w1#1"]);
    early.runsFrom("login", "expire", "w2#1");
    expect(early.exposedTo(timerKept)).toEqual({});
    const late = waiting().wait(6_000).runs("expire", "w1#1").begins("cleanup", "w1#1").kills("f1", ["w1#1"]);
    expect(late.runs("cleanup", "w2#1").exposedTo(timerKept)).toEqual({});
  });

  it("grants two leases after a kill that may have hit the wake unseen", () => {
    const unseen = () => waiting().wait(6_100).kills("f1", ["w2#1"]);
    expect(unseen().wait(1_900).runs("expire", "w1#1").violationsOf(timerKept)).toEqual([]);
    expect(unseen().wait(2_010).runs("expire", "w1#1").violationsOf(timerKept)).toHaveLength(1);
    expect(unseen().wait(1_900).runs("expire", "w1#1").exposedTo(timerKept)).toEqual({});
  });

  it("grants two leases after an unseen kill that follows one that was seen", () => {
    const both = () =>
      waiting()
        .workers("w3#1")
        .wait(6_300)
        .begins("expire", "w1#1")
        .kills("f1", ["w1#1"])
        .wait(1_500)
        .kills("f2", ["w2#1"]);
    expect(both().wait(1_900).runs("expire", "w3#1").violationsOf(timerKept)).toEqual([]);
    expect(both().wait(2_100).runs("expire", "w3#1").violationsOf(timerKept)).toHaveLength(1);
  });

  it("grants nothing for an unseen kill more than two leases after the one that was seen", () => {
    const hit = waiting().workers("w3#1").wait(6_300).begins("expire", "w1#1").kills("f1", ["w1#1"]);
    const late = hit.wait(2_100).kills("f2", ["w2#1"]).wait(500).runs("expire", "w3#1");
    expect(late.violationsOf(timerKept)).toHaveLength(1);
  });

  it("counts from no mark-idle that a zombie lands after the expiry", () => {
    const late = waiting().wait(9_000).runs("expire", "w2#1").begins("mark-idle", "w1#1").lands("set-idle");
    expect(late.violationsOf(timerKept)).toMatchObject([{ what: "expired 3002 ms after its deadline" }]);
  });

  it("lets no kill excuse a wake that had come too late already", () => {
    const late = waiting()
      .wait(9_000)
      .begins("expire", "w1#1")
      .kills("f1", ["w1#1"])
      .wait(1_000)
      .runs("expire", "w2#1");
    expect(late.violationsOf(timerKept)).toHaveLength(1);
  });

  it("grants two leases from the deadline where a worker was stopped over it, for it may have taken the wake", () => {
    const stopped = () => waiting().wait(5_000).strikes("f1", "pause", ["w1#1"]).wait(2_000).ends("f1");
    expect(stopped().wait(900).runs("expire", "w2#1").violationsOf(timerKept)).toEqual([]);
    expect(stopped().wait(1_100).runs("expire", "w2#1").violationsOf(timerKept)).toHaveLength(1);
  });

  it("grants nothing for a client that was cut off from the store: it is not who wakes the session", () => {
    const cutOff = waiting().wait(5_000).strikes("f1", "partition", [], { how: "stop", client: 0 });
    expect(cutOff.wait(1_900).runs("expire", "w1#1").violationsOf(timerKept)).toHaveLength(1);
    const unheard = handWritten()
      .workers("w1#1")
      .write({ kind: "call", session: "s1", caller: "c1", spec, client: 0 })
      .runsFrom("login", "mark-idle", "w1#1")
      .wait(6_100)
      .strikes("f1", "partition", [], { how: "stop", client: 0 });
    expect(unheard.wait(1_900).runs("expire", "w1#1").violationsOf(timerKept)).toHaveLength(1);
  });

  it("grants nothing for a kill that came when the wake was too late already", () => {
    const late = waiting().wait(8_000).kills("f1", ["w2#1"]).wait(500).runs("expire", "w1#1");
    expect(late.violationsOf(timerKept)).toHaveLength(1);
  });

  it("grants nothing for a pause that was over before the deadline", () => {
    const early = waiting().wait(3_000).strikes("f1", "pause", ["w1#1"]).wait(1_500).ends("f1");
    expect(early.wait(2_500).runs("expire", "w2#1").violationsOf(timerKept)).toHaveLength(1);
  });

  it("grants the time for which the store was down, and two leases more where that was over the deadline", () => {
    const down = () => waiting().wait(5_500).strikes("f1", "kill-store").wait(3_000).ends("f1");
    // Of the outage, 2,502 ms came after the deadline.
    expect(down().wait(1_900).runs("expire", "w1#1").violationsOf(timerKept)).toEqual([]);
    expect(down().wait(2_100).runs("expire", "w1#1").violationsOf(timerKept)).toHaveLength(1);
    expect(down().runs("expire", "w1#1").exposedTo(timerKept)).toEqual({ s1: ["f1"] });
  });

  it("grants the time in which nobody's store answered, as the beats of all workers show", () => {
    const beat = (worker: string, tookMs: number) => ({ kind: "alive", worker, tookMs }) as const;
    const late = (otherTookMs: number) => {
      const beating = waiting().wait(5_900);
      for (let time = 0; time < 8; time++)
        beating.wait(98).write(beat("w1#1", 90)).write(beat("w2#1", otherTookMs));
      return beating.write(beat("w1#1", 600)).runs("expire", "w1#1").violationsOf(timerKept);
    };
    expect(late(600)).toEqual([]);
    expect(late(90)).toHaveLength(1);
  });

  it("grants no more than that time: no silence hides a clock that started over", () => {
    const beat = { kind: "alive", worker: "w1#1" } as const;
    const silent = (ms: number) =>
      handWritten()
        .workers("w1#1")
        .starts()
        .runsFrom("login", "mark-idle", "w1#1")
        .wait(6_000)
        .write(beat)
        .wait(ms)
        .write(beat);
    // Of a silence, what goes beyond one beat that was due is granted.
    expect(silent(800).wait(300).runs("expire", "w1#1").violationsOf(timerKept)).toEqual([]);
    expect(silent(800).wait(500).runs("expire", "w1#1").violationsOf(timerKept)).toHaveLength(1);
    expect(silent(150).wait(500).runs("expire", "w1#1").violationsOf(timerKept)).toHaveLength(1);
    expect(silent(800).wait(5_000).runs("expire", "w1#1").violationsOf(timerKept)).toHaveLength(1);
  });

  it("grants two leases after an ordered failure of the wake", () => {
    const order = { kind: "throw", when: "before", fault: "f1" } as const;
    const failed = () =>
      handWritten()
        .strikes("f1", "throw", [], { hits: spec.sessionId })
        .workers("w1#1")
        .starts()
        .runsFrom("login", "mark-idle", "w1#1")
        .wait(6_300)
        .begins("expire", "w1#1", order);
    expect(failed().wait(1_900).runs("expire", "w1#1").violationsOf(timerKept)).toEqual([]);
    expect(failed().wait(2_100).runs("expire", "w1#1").violationsOf(timerKept)).toHaveLength(1);
  });
});
