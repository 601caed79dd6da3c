import { describe, expect, it } from "vitest";
import { analysisOf } from "../../history/analysis.ts";
import { handWritten, leaseMs, spec } from "../../testing/hand-written.ts";
import { caseOf } from "../judge.ts";
import { NotInspectedError, noResidue } from "./no-residue.ts";

const token = { session: "s1", what: "live token" };

function finished() {
  return handWritten().workers("w1#1").lives("w1#1");
}

describe("no-residue", () => {
  it("passes where nothing was left", () => {
    expect(finished().inspected("world").inspected("store").violationsOf(noResidue)).toEqual([]);
  });

  it("fails what was left in either place", () => {
    const dirty = finished()
      .inspected("world", token)
      .inspected("store", { session: "s1", what: "queued job" });
    expect(dirty.violationsOf(noResidue)).toMatchObject([
      {
        session: "s1",
        what: "left in the world: live token",
        evidence: [{ kind: "inspected", residue: [token] }],
      },
      { session: "s1", what: "left in the store: queued job" },
    ]);
  });

  it("lets the last inspection of a place count", () => {
    const settled = finished().inspected("world", token).inspected("store").inspected("world");
    expect(settled.violationsOf(noResidue)).toEqual([]);
  });

  it("counts residue of nobody against everybody, as the session -", () => {
    const dirty = finished()
      .inspected("world")
      .inspected("store", { session: null, what: "key without a TTL" });
    expect(dirty.violationsOf(noResidue)).toMatchObject([{ session: "-" }]);
  });

  it("passes over residue of sessions that are not judged", () => {
    const both = finished()
      .about({ ...spec, sessionId: "s2" })
      .lives("w1#1")
      .inspected("world", token)
      .inspected("store");
    const { violations } = noResidue.check(
      caseOf(analysisOf(both.history(), { leaseMs }), [{ sessionId: "s2" }]),
    );
    expect(violations).toEqual([]);
  });

  it("cannot tell where nobody looked, unless what was seen is enough", () => {
    expect(() => finished().inspected("world").violationsOf(noResidue)).toThrow(NotInspectedError);
    expect(() => finished().inspected("store").violationsOf(noResidue)).toThrow(
      "the world was not inspected",
    );
    expect(finished().inspected("world", token).violationsOf(noResidue)).toHaveLength(1);
    expect(finished().inspected("store", token).violationsOf(noResidue)).toHaveLength(1);
  });

  it("takes sessions for exposed that a fault hit", () => {
    const killed = handWritten()
      .workers("w1#1", "w2#1")
      .starts()
      .begins("login", "w1#1")
      .kills("f1", ["w1#1"]);
    expect(killed.runs("login", "w2#1").inspected("world").inspected("store").exposedTo(noResidue)).toEqual({
      s1: ["f1"],
    });
  });
});
