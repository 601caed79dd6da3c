import { describe, expect, it } from "vitest";
import { handWritten, spec } from "../../testing/hand-written.ts";
import { recordedOnce } from "./recorded-once.ts";

const rival = { ...spec, activities: [...spec.activities, { action: "buy", target: "page-2" }] };

describe("recorded-once", () => {
  it("passes every activity once", () => {
    expect(handWritten().workers("w1#1").lives("w1#1").violationsOf(recordedOnce)).toEqual([]);
  });

  it("fails an activity that was lost", () => {
    const lost = handWritten().workers("w1#1").starts().runs("login", "w1#1").runs("record:1", "w1#1");
    expect(lost.violationsOf(recordedOnce)).toMatchObject([
      { session: "s1", what: "append-activity of record:0 never landed", evidence: [{ kind: "started" }] },
    ]);
  });

  it("fails an activity that landed twice", () => {
    const twice = handWritten().workers("w1#1").starts().runsFrom("login", "record:1", "w1#1");
    twice.begins("record:1", "w1#1").lands("append-activity");
    expect(twice.violationsOf(recordedOnce)).toMatchObject([
      {
        what: "append-activity of record:1 landed 2 times",
        evidence: [{ execution: "x3" }, { execution: "x4" }],
      },
    ]);
  });

  it("asks for the activities of the spec that ran, not of the caller that lost the race", () => {
    const race = handWritten()
      .workers("w1#1")
      .starts("c2", rival)
      .starts("c1")
      .runsFrom("login", "cleanup", "w1#1");
    expect(race.violationsOf(recordedOnce)).toEqual([]);
  });

  it("finds nothing lost where one of the specs that may have run asks for no more", () => {
    const race = handWritten().workers("w1#1").starts("c2", rival).starts("c1");
    expect(race.runsFrom("login", "record:1", "w1#1").violationsOf(recordedOnce)).toEqual([]);
  });

  it("takes a session for exposed that was interrupted while it recorded", () => {
    const killed = handWritten()
      .workers("w1#1", "w2#1")
      .starts()
      .runs("login", "w1#1")
      .begins("record:0", "w1#1");
    killed.kills("f1", ["w1#1"]).runs("record:0", "w2#1");
    expect(killed.exposedTo(recordedOnce)).toEqual({ s1: ["f1"] });
  });

  it("takes one for exposed that its worker recorded to the end when it was told to leave", () => {
    const told = handWritten().workers("w1#1", "w2#1").starts().runs("login", "w1#1");
    told.begins("record:0", "w1#1").strikes("f1", "terminate", ["w1#1"]).lands("append-activity");
    told.runsFrom("record:1", "mark-idle", "w1#1").exits("w1#1");
    expect(told.exposedTo(recordedOnce)).toEqual({ s1: ["f1"] });
  });
});
