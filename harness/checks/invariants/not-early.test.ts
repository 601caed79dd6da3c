import { describe, expect, it } from "vitest";
import { handWritten, spec } from "../../testing/hand-written.ts";
import { notEarly } from "./not-early.ts";

/** Marked idle, and expired so long after. */
function expiring(afterMs: number) {
  const idle = handWritten().workers("w1#1").starts().runsFrom("login", "mark-idle", "w1#1");
  return idle.wait(afterMs - 2).runs("expire", "w1#1");
}

describe("not-early", () => {
  it("passes an expiry on the deadline, and 1 ms before", () => {
    expect(expiring(6_000).violationsOf(notEarly)).toEqual([]);
    expect(expiring(5_999).violationsOf(notEarly)).toEqual([]);
  });

  it("fails an expiry 2 ms before the deadline", () => {
    expect(expiring(5_998).violationsOf(notEarly)).toMatchObject([
      {
        session: "s1",
        what: "expired 5998 ms after mark-idle, where 6000 ms were due",
        evidence: [{ effect: "set-idle" }, { effect: "set-expired" }],
      },
    ]);
  });

  it("counts from the last mark-idle that landed before", () => {
    const twice = handWritten().workers("w1#1").starts().runs("mark-idle", "w1#1").wait(3_000);
    twice.begins("mark-idle", "w1#1").lands("set-idle").wait(3_000).runs("expire", "w1#1");
    expect(twice.violationsOf(notEarly)).toHaveLength(1);
  });

  it("fails an expiry of a session that was not marked idle", () => {
    const unmarked = handWritten().workers("w1#1").starts().runs("login", "w1#1").runs("expire", "w1#1");
    expect(unmarked.violationsOf(notEarly)).toMatchObject([
      { what: "expired without having been marked idle" },
    ]);
  });

  it("holds racing callers to the shortest timeout that may have run", () => {
    const race = handWritten()
      .workers("w1#1")
      .starts()
      .starts("c2", { ...spec, idleTimeoutMs: 3_000 });
    race.runsFrom("login", "mark-idle", "w1#1").wait(3_000).runs("expire", "w1#1");
    expect(race.violationsOf(notEarly)).toEqual([]);
  });

  it("takes a session for exposed that was interrupted on either side of the wait, or left waiting", () => {
    const marking = handWritten().workers("w1#1", "w2#1").starts().begins("mark-idle", "w1#1");
    expect(marking.kills("f1", ["w1#1"]).runs("mark-idle", "w2#1").exposedTo(notEarly)).toEqual({
      s1: ["f1"],
    });

    const waiting = handWritten()
      .workers("w1#1")
      .starts()
      .runs("mark-idle", "w1#1")
      .kills("f2", ["w1#1"], "kill-all");
    expect(waiting.workers("w1#2").runs("expire", "w1#2").exposedTo(notEarly)).toEqual({ s1: ["f2"] });
  });
});
