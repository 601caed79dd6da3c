import { describe, expect, it } from "vitest";
import { analysisOf } from "../../history/analysis.ts";
import { type HandWritten, handWritten, leaseMs } from "../../testing/hand-written.ts";
import { deafAfterLeases, nobodyDeaf } from "./nobody-deaf.ts";

const patienceMs = deafAfterLeases * leaseMs;

/** Two workers, one of which is new since a kill. */
function twoWorkers(): HandWritten {
  return handWritten()
    .workers("w1#1", "w2#1")
    .kills("f1", ["w1#1"])
    .workers("w1#2")
    .write({ kind: "healed" });
}

/** Beats of a worker for so long, each of which says how long its store has left it without an answer. */
function beats(run: HandWritten, worker: string, forMs: number, tookMs = 0): HandWritten {
  for (let passedMs = 0; passedMs < forMs; passedMs += 100)
    run.wait(99).write({ kind: "alive", worker, tookMs });
  return run;
}

const undecidedIn = (run: HandWritten) => nobodyDeaf.check(run.case()).undecided;

const shifted = { kind: "fault", fault: "j", faultKind: "clock-store", workers: [] } as const;

describe("nobody-deaf", () => {
  it("passes workers that begin a probe each, and exposes those that a fault came over or made room for", () => {
    const run = twoWorkers().allHear("w1#2", "w2#1");
    expect(nobodyDeaf.check(run.case())).toMatchObject({ sessions: 2, undecided: 0, violations: [] });
    expect(run.exposedTo(nobodyDeaf)).toEqual({ "w1#2": ["f1"] });
  });

  it("exposes whoever lived while the store was down, or its clock jumped, or was cut off from it, and nobody by what was done to a client", () => {
    const run = handWritten().workers("w1#1", "w2#1").strikes("s", "kill-store").ends("s");
    run.write({ ...shifted, shift: { slots: [], ofStore: true, byMs: 1 } }).ends("j");
    run.strikes("p", "partition", ["w2#1"], { how: "cut" }).ends("p");
    run.strikes("c", "partition", [], { how: "cut", client: 0 }).ends("c").allHear("w1#1", "w2#1");
    expect(run.exposedTo(nobodyDeaf)).toEqual({ "w1#1": ["s", "j"], "w2#1": ["s", "j", "p"] });
  });

  it("fails a worker that begins none, though its neighbour hears, and though its own beat is heard", () => {
    const run = twoWorkers().offers("w1#2", ["w2#1"]);
    beats(run, "w1#2", patienceMs).endsOffer("w1#2");
    run
      .beginsProbeOf("w1#2", "w2#1")
      .offers("w2#1", ["w1#2"])
      .beginsProbeOf("w2#1", "w2#1")
      .endsOffer("w2#1");
    expect(run.violationsOf(nobodyDeaf)).toMatchObject([
      { session: "w1#2", evidence: [{ kind: "offered" }, { kind: "started" }, { kind: "offer-ended" }] },
    ]);
  });

  it("takes what a neighbour begins, and what is begun after the offer, for no sign of life", () => {
    const run = twoWorkers().offers("w1#2", ["w2#1"]).beginsProbeOf("w1#2", "w2#1").wait(patienceMs);
    run.endsOffer("w1#2").beginsProbeOf("w1#2", "w1#2");
    expect(run.violationsOf(nobodyDeaf)).toHaveLength(1);
  });

  it("does not excuse a worker by a store that leaves its beat without an answer", () => {
    const run = twoWorkers().offers("w1#2", ["w2#1"]);
    beats(run, "w1#2", patienceMs, 2 * leaseMs).endsOffer("w1#2");
    expect(run.violationsOf(nobodyDeaf)).toHaveLength(1);
  });

  it("leaves undecided a worker that stood still", () => {
    const run = twoWorkers().offers("w1#2", ["w2#1"]);
    beats(run, "w1#2", patienceMs / 2).wait(0.6 * leaseMs);
    beats(run, "w1#2", patienceMs / 2).endsOffer("w1#2");
    expect(run.violationsOf(nobodyDeaf)).toEqual([]);
    expect(undecidedIn(run)).toBe(1);
    expect(run.exposedTo(nobodyDeaf)).toEqual({});
  });

  it.each<[string, (run: HandWritten) => HandWritten]>([
    [
      "a start was not acknowledged",
      (run) =>
        run
          .write({ kind: "offered", worker: "w1#2", frozen: ["w2#1"], sessions: ["p"] })
          .wait(patienceMs)
          .endsOffer("w1#2"),
    ],
    [
      "it waited for less than that",
      (run) =>
        run
          .offers("w1#2", ["w2#1"])
          .wait(patienceMs - 10)
          .endsOffer("w1#2"),
    ],
    ["the run broke off", (run) => run.offers("w1#2", ["w2#1"]).wait(patienceMs)],
    [
      "somebody else was there who was not frozen",
      (run) => run.offers("w1#2", []).wait(patienceMs).endsOffer("w1#2"),
    ],
    [
      "it died meanwhile",
      (run) => run.offers("w1#2", ["w2#1"]).exits("w1#2", "SIGSEGV").wait(patienceMs).endsOffer("w1#2"),
    ],
  ])("leaves it undecided where %s", (_, offer) => {
    const run = offer(twoWorkers());
    expect(run.violationsOf(nobodyDeaf)).toEqual([]);
    expect(undecidedIn(run)).toBe(1);
  });

  it("throws where nothing was offered", () => {
    expect(() => nobodyDeaf.check(twoWorkers().case())).toThrow("offered");
  });

  it("has no part in what is judged of sessions: probes are none", () => {
    const run = twoWorkers().starts().offers("w1#2", ["w2#1"]).beginsProbeOf("w1#2", "w1#2");
    const { history, exposure } = analysisOf(run.kills("f2", ["w1#2"]).history(), { leaseMs });
    expect([...history.sessions.keys()]).toEqual(["s1"]);
    expect(exposure.faults.map(({ effective }) => effective)).toEqual([false, false]);
  });
});
