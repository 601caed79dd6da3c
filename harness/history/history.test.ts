import { describe, expect, it } from "vitest";
import { handWritten, spec } from "../testing/hand-written.ts";
import { indexHistory } from "./history.ts";
import { outagesWithin } from "./outages.ts";

describe("indexHistory", () => {
  it("sorts the entries by session, in ledger order", () => {
    const run = handWritten().workers("w1#1").starts();
    run
      .about({ ...spec, sessionId: "s2" })
      .starts()
      .about(spec)
      .runs("login", "w1#1");
    const { sessions } = run.history();
    expect([...sessions.keys()]).toEqual(["s1", "s2"]);
    expect(sessions.get("s1")?.entries.map(({ kind }) => kind)).toEqual([
      "call",
      "started",
      "begin",
      "landed",
      "landed",
    ]);
    expect(sessions.get("s2")?.work).toEqual([]);
  });

  it("keeps what was suppressed apart from what landed", () => {
    const session = handWritten().runs("login", "w1#1").runs("login", "w1#1").history().sessions.get("s1");
    expect(session?.landed).toHaveLength(2);
    expect(session?.begins).toHaveLength(2);
    expect(session?.work).toHaveLength(6);
  });

  it("knows the life of each worker and the fault that ended it", () => {
    const { workers } = handWritten().workers("w1#1", "w2#1").kills("f1", ["w1#1"]).history();
    expect(workers.get("w1#1")).toMatchObject({
      spawned: { at: 1_000_001 },
      ready: { at: 1_000_002 },
      killedBy: { fault: "f1" },
      death: { kind: "exited", at: 1_000_006 },
    });
    expect(workers.get("w2#1")).toMatchObject({ exited: null, killedBy: null, death: null });
  });

  it("takes the fault for the death where the exit went unrecorded", () => {
    const run = handWritten()
      .workers("w1#1")
      .write({ kind: "fault", fault: "f1", faultKind: "kill", workers: ["w1#1"] });
    expect(run.history().workers.get("w1#1")?.death).toMatchObject({ kind: "fault" });
    expect(run.history().outages).toMatchObject([{ fault: { fault: "f1" }, toMs: null }]);
  });

  it("does not blame a fault for a worker that had exited before", () => {
    const run = handWritten()
      .workers("w1#1")
      .write({ kind: "exited", worker: "w1#1", signal: null, code: 1 });
    run.write({ kind: "fault", fault: "f1", faultKind: "kill", workers: ["w1#1"] });
    expect(run.history().workers.get("w1#1")).toMatchObject({ killedBy: null, faults: [] });
  });

  it("counts an outage from the last ready worker's death to the next one that is ready", () => {
    const run = handWritten().write({ kind: "spawned", worker: "w0#1" }).wait(500).workers("w1#1", "w2#1");
    run.kills("f1", ["w1#1"]).wait(100).kills("f2", ["w2#1"]).wait(300).workers("w1#2", "w2#2");
    const { outages } = run.history();
    expect(outages).toMatchObject([
      { fault: { fault: "f2" }, beganWith: { kind: "exited", worker: "w2#1" } },
    ]);
    expect((outages[0]?.toMs ?? 0) - (outages[0]?.fromMs ?? 0)).toBe(302);
  });

  it("leaves an outage open that never ends, and blames no fault for one that none began", () => {
    const run = handWritten()
      .workers("w1#1")
      .write({ kind: "exited", worker: "w1#1", signal: null, code: 0 });
    expect(run.history().outages).toMatchObject([{ toMs: null, fault: null }]);
  });

  it("counts an outage while everybody is stopped, and none while somebody can work", () => {
    const run = handWritten().workers("w1#1", "w2#1").strikes("f1", "pause", ["w1#1"]).wait(100);
    run.strikes("f2", "pause", ["w2#1"]).wait(298).ends("f1").wait(100).ends("f2");
    const [outage, ...others] = run.history().outages;
    expect(outage).toMatchObject({ fault: { fault: "f2" }, beganWith: { kind: "fault" } });
    expect((outage?.toMs ?? 0) - (outage?.fromMs ?? 0)).toBe(299);
    expect(others).toEqual([]);
  });

  it("counts an outage while the store is down, whoever comes and goes, and while the last worker is leaving", () => {
    const store = handWritten().workers("w1#1").strikes("f1", "kill-store").workers("w2#1");
    store.kills("f2", ["w1#1"]).wait(500).ends("f1").ends("f1");
    expect(store.history().outages).toMatchObject([{ fault: { fault: "f1" }, toMs: expect.any(Number) }]);
    const leaving = handWritten().workers("w1#1").strikes("f1", "terminate", ["w1#1"]).wait(800);
    const { outages } = leaving.exits("w1#1").workers("w1#2").history();
    expect(outages).toMatchObject([{ beganWith: { kind: "fault" } }]);
    expect((outages[0]?.toMs ?? 0) - (outages[0]?.fromMs ?? 0)).toBe(803);
  });

  it("takes a partition for an outage only where nothing goes through", () => {
    const parted = (how: "stop" | "delay" | "cut") =>
      handWritten().workers("w1#1").strikes("f1", "partition", ["w1#1"], { how }).wait(500).ends("f1");
    expect(parted("stop").history().outages).toHaveLength(1);
    expect(parted("delay").history().outages).toEqual([]);
    expect(parted("cut").history().lastingFaults).toMatchObject([
      { fault: { fault: "f1" }, toMs: 1_000_504 },
    ]);
  });

  it("does not take what a worker outlives for its death", () => {
    const run = handWritten()
      .workers("w1#1")
      .strikes("f1", "pause", ["w1#1"])
      .ends("f1")
      .kills("f2", ["w1#1"]);
    expect(run.history().workers.get("w1#1")).toMatchObject({
      killedBy: { fault: "f2" },
      faults: [{ fault: "f1" }, { fault: "f2" }],
    });
  });

  it("finds two landings of one effect in one execution, and only these", () => {
    const run = handWritten()
      .begins("login", "w1#1")
      .lands("issue-token")
      .lands("issue-token")
      .lands("set-cache");
    run.begins("login", "w1#1").lands("issue-token");
    expect(run.history().witnessFaults).toMatchObject([
      { session: "s1", landings: [{ at: 1_000_002 }, { at: 1_000_003 }] },
    ]);
  });

  it("keeps the last heal and the last inspection of each place", () => {
    const run = handWritten().write({ kind: "healed" }).inspected("store", { session: null, what: "key" });
    run.write({ kind: "healed" }).inspected("store");
    expect(run.history()).toMatchObject({
      healedAt: 1_000_003,
      inspections: { world: null, store: { residue: [] } },
    });
  });

  it("reads an empty ledger", () => {
    expect(indexHistory([])).toMatchObject({ healedAt: null, endsAt: 0, outages: [], faults: [] });
  });
});

describe("outagesWithin", () => {
  it("adds up what overlaps, an open outage to the end of the interval", () => {
    const run = handWritten()
      .workers("w1#1")
      .kills("f1", ["w1#1"])
      .wait(998)
      .workers("w1#2")
      .kills("f2", ["w1#2"]);
    const history = run.history();
    const [first, second] = history.outages;
    if (first === undefined || second === undefined) throw new Error("two outages were written");
    expect(outagesWithin(history, first.fromMs, first.fromMs + 10)).toEqual([first]);
    expect(outagesWithin(history, 0, first.fromMs)).toEqual([]);
    expect(outagesWithin(history, 0, second.fromMs + 50)).toEqual([first, second]);
  });
});
