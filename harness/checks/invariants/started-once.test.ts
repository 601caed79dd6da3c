import { describe, expect, it } from "vitest";
import { handWritten, spec } from "../../testing/hand-written.ts";
import { startedOnce } from "./started-once.ts";

const rival = { ...spec, userId: "user-2", activities: [{ action: "buy", target: "page-9" }] };

describe("started-once", () => {
  it("passes a race that one caller's spec wins", () => {
    const race = handWritten().workers("w1#1").starts("c1").starts("c2", rival);
    race.runsFrom("login", "cleanup", "w1#1").gets({}, "c1").gets({}, "c2");
    expect(race.violationsOf(startedOnce)).toEqual([]);
  });

  it("passes a session that did not get far", () => {
    const begun = handWritten().workers("w1#1").starts().runsFrom("login", "record:0", "w1#1");
    expect(begun.violationsOf(startedOnce)).toEqual([]);
  });

  it("fails a blend of two callers' specs", () => {
    const race = handWritten().workers("w1#1").starts("c1").starts("c2", rival);
    race
      .runs("login", "w1#1")
      .begins("record:0", "w1#1")
      .lands("append-activity", { activity: { action: "buy", target: "page-9" } });
    expect(race.violationsOf(startedOnce)).toMatchObject([
      {
        session: "s1",
        evidence: [{ caller: "c1" }, { caller: "c2" }, {}, {}, { effect: "append-activity" }],
      },
    ]);
  });

  it("fails an activity that differs from the caller's in its target alone", () => {
    const other = handWritten().workers("w1#1").starts().runs("login", "w1#1").begins("record:0", "w1#1");
    other.lands("append-activity", { activity: { action: "view", target: "page-9" } });
    expect(other.violationsOf(startedOnce)).toHaveLength(1);
  });

  it("fails an activity more than the caller passed, as soon as it is begun", () => {
    const more = handWritten().workers("w1#1").starts().runsFrom("login", "record:1", "w1#1");
    expect(more.begins("record:2", "w1#1").violationsOf(startedOnce)).toHaveLength(1);
  });

  it("fails another user's effects, even suppressed ones", () => {
    const foreign = handWritten().workers("w1#1").starts().runs("login", "w1#1");
    const [suppressed] = foreign.entries.filter(({ kind }) => kind === "landed");
    if (suppressed?.kind !== "landed") throw new Error("no effect landed");
    foreign.write({ ...suppressed, kind: "suppressed", payload: { userId: "user-2" } });
    expect(foreign.violationsOf(startedOnce)).toHaveLength(1);
  });

  it("fails a lifecycle that skipped the last activity", () => {
    const cut = handWritten()
      .workers("w1#1")
      .starts()
      .runsFrom("login", "record:0", "w1#1")
      .runs("mark-idle", "w1#1");
    expect(cut.violationsOf(startedOnce)).toHaveLength(1);
  });

  it("leaves a lost landing to recorded-once", () => {
    const lost = handWritten().workers("w1#1").starts().runsFrom("login", "record:0", "w1#1");
    lost.begins("record:1", "w1#1").runs("mark-idle", "w1#1");
    expect(lost.violationsOf(startedOnce)).toEqual([]);
  });

  it("fails two different results", () => {
    const race = handWritten().workers("w1#1").starts("c1").starts("c2").runsFrom("login", "cleanup", "w1#1");
    race.gets({}, "c1").gets({ loginAt: 5 }, "c2");
    expect(race.violationsOf(startedOnce)).toMatchObject([
      { session: "s1", evidence: [{ caller: "c1" }, { caller: "c2" }] },
    ]);
  });

  it("takes a session for exposed that more than one caller started, as a cluster of its own", () => {
    const two = handWritten().workers("w1#1").starts("c1").starts("c2");
    two.about({ ...spec, sessionId: "s2" }).starts();
    expect(two.exposedTo(startedOnce)).toEqual({ s1: ["s1"] });
  });
});
