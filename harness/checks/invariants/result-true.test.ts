import { describe, expect, it } from "vitest";
import { handWritten, spec } from "../../testing/hand-written.ts";
import { resultTrue } from "./result-true.ts";

function finished() {
  return handWritten().workers("w1#1").starts().runsFrom("login", "cleanup", "w1#1");
}

describe("result-true", () => {
  it("passes the true result", () => {
    expect(finished().gets().violationsOf(resultTrue)).toEqual([]);
  });

  it.each([
    ["sessionId", { sessionId: "s2" }],
    ["userId", { userId: "user-2" }],
    ["finalStatus", { finalStatus: "expired" as "cleaned_up" }],
    ["activitiesRecorded", { activitiesRecorded: 3 }],
    ["loginAt", { loginAt: 1 }],
    ["expiredAt", { expiredAt: 1 }],
    ["cleanedAt", { cleanedAt: 1 }],
  ] as const)("fails a result with a wrong %s", (field, lie) => {
    const [violation] = finished().gets(lie).violationsOf(resultTrue);
    expect(violation).toMatchObject({
      session: "s1",
      evidence: expect.arrayContaining([expect.objectContaining({ kind: "result" })]),
    });
    expect(violation?.what).toContain(field);
  });

  it("checks every caller's result", () => {
    const violations = finished().gets().gets({ loginAt: 1 }, "c2").violationsOf(resultTrue);
    expect(violations).toHaveLength(1);
    expect(violations[0]?.evidence[0]).toMatchObject({ kind: "result", caller: "c2" });
  });

  it("fails a result that tells of the caller's spec that lost the race", () => {
    const race = handWritten()
      .workers("w1#1")
      .starts()
      .starts("c2", { ...spec, userId: "user-2", activities: [] });
    race.runsFrom("login", "cleanup", "w1#1").gets({ userId: "user-2", activitiesRecorded: 0 });
    expect(race.violationsOf(resultTrue)).toHaveLength(1);
  });

  it("fails a result that tells the time of another effect", () => {
    const session = finished();
    const [loggedInAt] = session.entries.flatMap((entry) => (entry.kind === "landed" ? [entry.at] : []));
    expect(session.gets({ cleanedAt: loggedInAt ?? 0 }).violationsOf(resultTrue)).toMatchObject([
      { what: "the result disagrees with the world in cleanedAt" },
    ]);
  });

  it("fails a result with one caller's user and another's number of activities", () => {
    const race = handWritten()
      .workers("w1#1")
      .starts()
      .starts("c2", { ...spec, userId: "user-2", activities: [] });
    race.runs("login", "w1#1").lands("issue-token", { userId: "user-3" }); // so that neither spec fits
    const [violation] = race.gets({ activitiesRecorded: 0 }).violationsOf(resultTrue);
    expect(violation?.what).toContain("activitiesRecorded");
  });

  it("takes a session for exposed that was interrupted", () => {
    const killed = handWritten()
      .workers("w1#1", "w2#1")
      .starts()
      .begins("login", "w1#1")
      .kills("f1", ["w1#1"]);
    expect(killed.runs("login", "w2#1").exposedTo(resultTrue)).toEqual({ s1: ["f1"] });
  });
});
