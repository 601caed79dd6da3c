import { describe, expect, it } from "vitest";
import { handWritten, spec } from "../checks/hand-written.ts";
import { exposureOf, recoveriesOf } from "./exposure.ts";

const other = { ...spec, sessionId: "s2" };

/** A session that began `login` on w1#1; w2#1 and w3#1 are there as well. */
function begun() {
  return handWritten().workers("w1#1", "w2#1", "w3#1").starts().begins("login", "w1#1");
}

/** The same, marked idle by w1#1. */
function waiting() {
  return begun().runsFrom("login", "mark-idle", "w1#1");
}

describe("exposureOf", () => {
  it("finds a session interrupted whose next work is another worker's", () => {
    const run = begun().kills("f1", ["w1#1"]).wait(900).runs("login", "w2#1");
    const { faults, hits } = exposureOf(run.history());
    expect(hits.get("s1")).toMatchObject([
      { kind: "interrupted", step: "login", fault: { fault: "f1" }, lastWork: { execution: "x1" } },
    ]);
    expect(faults).toMatchObject([{ effective: true, interrupted: [{ session: "s1" }], leftWaiting: [] }]);
  });

  it("finds nothing where another worker died", () => {
    const run = begun().kills("f1", ["w2#1"]).lands("issue-token");
    expect(exposureOf(run.history())).toMatchObject({ hits: new Map(), faults: [{ effective: false }] });
  });

  it("finds nothing where the session had moved on to another worker before", () => {
    const run = begun()
      .begins("login", "w2#1")
      .kills("f1", ["w1#1"])
      .lands("issue-token")
      .begins("record:0", "w3#1");
    expect(exposureOf(run.history()).hits.size).toBe(0);
  });

  it("finds a session interrupted that never came back", () => {
    const { hits } = exposureOf(begun().kills("f1", ["w1#1"]).history());
    expect(hits.get("s1")).toMatchObject([{ kind: "interrupted", resumedAt: null }]);
  });

  it("finds nothing where the session was done", () => {
    const run = handWritten().workers("w1#1").lives("w1#1").kills("f1", ["w1#1"]);
    expect(exposureOf(run.history()).hits.size).toBe(0);
  });

  it("finds a session interrupted between its last effect and the checkpoint of it", () => {
    const run = handWritten().workers("w1#1", "w2#1").starts().runsFrom("login", "cleanup", "w1#1");
    const { hits } = exposureOf(run.kills("f1", ["w1#1"]).runs("cleanup", "w2#1").history());
    expect(hits.get("s1")).toMatchObject([{ kind: "interrupted", step: "cleanup" }]);
  });

  it("takes an effect that lands just after its worker's exit for the dead worker's", () => {
    const run = begun().kills("f1", ["w1#1"]).lands("issue-token").runs("login", "w2#1");
    const cameBack = run.entries.find((entry) => entry.kind === "begin" && entry.worker === "w2#1");
    expect(exposureOf(run.history()).hits.get("s1")).toMatchObject([
      { kind: "interrupted", fault: { fault: "f1" }, resumedAt: cameBack?.at },
    ]);
  });

  it("takes the fault for the death where the exit went unrecorded", () => {
    const run = begun().write({ kind: "fault", fault: "f1", faultKind: "kill", workers: ["w1#1"] });
    expect(exposureOf(run.runs("login", "w2#1").history()).hits.get("s1")).toMatchObject([
      { kind: "interrupted" },
    ]);
  });

  it("counts each fault that interrupted a session", () => {
    const run = begun()
      .kills("f1", ["w1#1"])
      .begins("login", "w2#1")
      .kills("f2", ["w2#1"])
      .runs("login", "w3#1");
    expect(exposureOf(run.history()).hits.get("s1")).toMatchObject([
      { fault: { fault: "f1" } },
      { fault: { fault: "f2" } },
    ]);
  });

  it("does not find a waiting session interrupted by the death of the worker that marked it idle", () => {
    const run = waiting().kills("f1", ["w1#1"]).wait(6_000).runs("expire", "w2#1");
    expect(exposureOf(run.history()).hits.size).toBe(0);
  });

  it("finds it interrupted where mark-idle had to be repeated: its wait had not begun", () => {
    const run = waiting().kills("f1", ["w1#1"]).wait(1_000).runs("mark-idle", "w2#1");
    expect(exposureOf(run.history()).hits.get("s1")).toMatchObject([
      { kind: "interrupted", step: "mark-idle" },
    ]);
  });

  it("does not take an outage before that repeat for one in the wait after it", () => {
    const run = waiting().kills("f1", ["w1#1", "w2#1", "w3#1"], "kill-all").workers("w1#2");
    run.runs("mark-idle", "w1#2").wait(6_000).runs("expire", "w1#2");
    expect(exposureOf(run.history()).hits.get("s1")).toMatchObject([{ kind: "interrupted" }]);
  });

  it("finds a session left waiting by each fault that left no worker", () => {
    const run = waiting().kills("f1", ["w1#1", "w2#1", "w3#1"], "kill-all").wait(500).workers("w1#2");
    run.kills("f2", ["w1#2"]).wait(500).workers("w1#3").wait(6_000).runs("expire", "w1#3");
    const { faults, hits } = exposureOf(run.history());
    expect(hits.get("s1")).toMatchObject([
      { kind: "left-waiting", step: "mark-idle", fault: { fault: "f1" } },
      { kind: "left-waiting", fault: { fault: "f2", faultKind: "kill" } },
    ]);
    expect(faults.map(({ effective }) => effective)).toEqual([true, true]);
  });

  it("tells, of one kill-all, who worked and who waited", () => {
    const run = waiting()
      .about(other)
      .starts()
      .begins("login", "w2#1")
      .kills("f1", ["w1#1", "w2#1", "w3#1"], "kill-all");
    run.workers("w1#2").runs("login", "w1#2").about(spec).runs("expire", "w1#2");
    expect(exposureOf(run.history()).faults).toMatchObject([
      { interrupted: [{ session: "s2" }], leftWaiting: [{ session: "s1" }], effective: true },
    ]);
  });

  it("finds nothing where the wait was over before the outage", () => {
    const run = waiting()
      .wait(6_000)
      .runsFrom("expire", "cleanup", "w1#1")
      .kills("f1", ["w1#1", "w2#1", "w3#1"], "kill-all");
    expect(exposureOf(run.history()).hits.size).toBe(0);
  });
});

describe("recoveriesOf", () => {
  const recoveries = (run: ReturnType<typeof begun>) => {
    const history = run.history();
    return recoveriesOf(history, exposureOf(history));
  };

  it("measures from the fault to the next work, by kind of fault", () => {
    const run = begun().kills("f1", ["w1#1"]).wait(898).runs("login", "w2#1");
    run.kills("f2", ["w2#1", "w3#1"], "kill-all").wait(1_996).workers("w1#2").runs("login", "w1#2");
    const found = recoveries(run);
    expect(found.get("kill")).toMatchObject([{ recoveryMs: 900, censored: false }]);
    expect(found.get("kill-all")).toMatchObject([{ recoveryMs: 2_001, censored: false }]);
  });

  it("censors an interval in which another fault left nobody to take the session over", () => {
    const run = begun().kills("f1", ["w1#1"]).wait(498).kills("f2", ["w2#1", "w3#1"], "kill-all");
    run.wait(900).workers("w1#2").runs("login", "w1#2");
    expect(recoveries(run).get("kill")).toMatchObject([{ recoveryMs: 502, censored: true }]);
  });

  it("counts the whole interval where another worker was killed but somebody was left", () => {
    const run = begun().kills("f1", ["w1#1"]).wait(998).kills("f2", ["w2#1"]).wait(900).runs("login", "w3#1");
    expect(recoveries(run).get("kill")).toMatchObject([{ censored: false }]);
  });

  it("does not let the other victims of the same fault cut an interval short", () => {
    const run = begun()
      .kills("f1", ["w1#1", "w2#1", "w3#1"], "kill-all")
      .workers("w1#2")
      .runs("login", "w1#2");
    expect(recoveries(run).get("kill-all")).toMatchObject([{ censored: false }]);
  });

  it("censors at the end of the history what never came back", () => {
    const run = begun().kills("f1", ["w1#1"]).wait(4_998).inspected("world");
    expect(recoveries(run).get("kill")).toMatchObject([{ recoveryMs: 5_000, censored: true }]);
  });
});
