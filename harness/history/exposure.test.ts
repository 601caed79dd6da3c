import { describe, expect, it } from "vitest";
import { handWritten, leaseMs, spec } from "../testing/hand-written.ts";
import { exposureOf as exposureUnder, ineffectiveKinds } from "./exposure.ts";
import type { History } from "./history.ts";
import { recoveriesOf } from "./recovery.ts";

const exposureOf = (history: History) => exposureUnder(history, leaseMs);

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

describe("exposureOf, where the victim lives on", () => {
  const hitsOn = (run: ReturnType<typeof begun>, session = "s1") =>
    exposureOf(run.history()).hits.get(session) ?? [];
  const paused = () => begun().strikes("f1", "pause", ["w1#1"]);

  it("finds a session interrupted that was taken from a worker while it was stopped", () => {
    const run = paused().wait(1_100).begins("login", "w2#1").ends("f1");
    expect(hitsOn(run)).toMatchObject([
      { kind: "interrupted", fault: { fault: "f1" }, lastWork: { execution: "x1" } },
    ]);
  });

  it("finds it interrupted by its own worker that went on later than a lease, and not by one that was back sooner", () => {
    const back = (ms: number) => paused().wait(ms).ends("f1").lands("issue-token");
    expect(hitsOn(back(1_010))).toMatchObject([{ kind: "interrupted", step: "login" }]);
    expect(hitsOn(back(900))).toEqual([]);
  });

  it("does not take an effect that was under way for a return, but the next step for one", () => {
    const cutOff = () => begun().strikes("f1", "partition", ["w1#1"], { how: "stop" }).lands("issue-token");
    expect(hitsOn(cutOff().wait(1_100).begins("login", "w2#1"))).toMatchObject([{ kind: "interrupted" }]);
    const goesOn = cutOff().ends("f1").begins("record:0", "w1#1").wait(3_000).begins("record:1", "w2#1");
    expect(hitsOn(goesOn)).toEqual([]);
  });

  it("does not take what a zombie still does for the session's own work", () => {
    const run = paused().wait(1_100).runs("login", "w2#1").begins("record:0", "w2#1").ends("f1");
    run.write({
      kind: "suppressed",
      session: "s1",
      step: "login",
      effect: "issue-token",
      worker: "w1#1",
      execution: "x1",
      key: "k",
      payload: {},
    } as const);
    run.begins("login", "w1#1").kills("f2", ["w1#1"]).wait(900);
    expect(hitsOn(run)).toMatchObject([{ fault: { fault: "f1" } }]);
  });

  it("finds nothing where the stopped worker's session waited", () => {
    const run = waiting().strikes("f1", "pause", ["w1#1"]).wait(6_000).runs("expire", "w2#1").ends("f1");
    expect(hitsOn(run)).toEqual([]);
  });

  it("finds a session left waiting where everybody was stopped or cut off, or the store was down", () => {
    const everybody = waiting().strikes("f1", "pause", ["w1#1", "w2#1"]);
    everybody.strikes("f2", "partition", ["w3#1"], { how: "stop" }).wait(1_000).ends("f1").ends("f2");
    expect(hitsOn(everybody.runs("expire", "w1#1"))).toMatchObject([
      { kind: "left-waiting", fault: { fault: "f2" } },
    ]);
    const store = waiting().strikes("f1", "kill-store").wait(300).ends("f1").runs("expire", "w1#1");
    expect(hitsOn(store)).toMatchObject([{ kind: "left-waiting", fault: { fault: "f1" } }]);
  });

  it("finds the sessions of every worker interrupted by a store that was down for longer than a lease", () => {
    const run = begun().strikes("f1", "kill-store").wait(1_500).ends("f1").begins("login", "w1#1");
    expect(hitsOn(run)).toMatchObject([{ kind: "interrupted", fault: { faultKind: "kill-store" } }]);
  });

  it("finds a session drained that its worker brought to rest before it left", () => {
    const run = begun().strikes("f1", "terminate", ["w1#1"]).lands("issue-token").lands("set-cache");
    run.runsFrom("record:0", "mark-idle", "w1#1").exits("w1#1").wait(6_000).runs("expire", "w2#1");
    expect(hitsOn(run)).toMatchObject([{ kind: "drained", step: "login", fault: { fault: "f1" } }]);
    expect(exposureOf(run.history()).faults).toMatchObject([{ effective: true, interrupted: [] }]);
  });

  it("finds it interrupted where the worker left in the middle, and ineffective a termination that met no work", () => {
    const run = begun().strikes("f1", "terminate", ["w1#1"]).exits("w1#1").runs("login", "w2#1");
    expect(hitsOn(run)).toMatchObject([{ kind: "interrupted", fault: { fault: "f1" } }]);
    const idle = waiting().strikes("f1", "terminate", ["w1#1"]).exits("w1#1");
    expect(exposureOf(idle.history()).faults).toMatchObject([{ effective: false }]);
  });

  it("finds a session hit by the order that it took, and the fault idle whose order nobody took", () => {
    const thrown = { kind: "throw", when: "after", fault: "f1" } as const;
    const armed = () => handWritten().strikes("f1", "throw", [], { hits: "s1" }).workers("w1#1").starts();
    const taken = armed().begins("login", "w1#1", thrown).wait(200).runs("login", "w1#1");
    expect(hitsOn(taken)).toMatchObject([{ kind: "interrupted", lastWork: { execution: "x1" } }]);
    expect(hitsOn(taken)).toMatchObject([{ resumedAt: 1_000_207 }]);
    const untaken = armed().runs("login", "w1#1").history();
    expect(exposureOf(untaken).faults).toMatchObject([{ effective: false }]);
  });

  it("finds a session raced that a second caller started before it was over", () => {
    const armed = () => handWritten().strikes("f1", "race", [], { hits: "s1" }).workers("w1#1");
    expect(hitsOn(armed().starts("c1").starts("c2"))).toMatchObject([{ kind: "raced" }]);
    expect(hitsOn(armed().lives("w1#1").starts("c2"))).toEqual([]);
  });

  it("finds those sessions unheard whose callers' client was cut off", () => {
    const calls = (client: number) =>
      handWritten().write({ kind: "call", session: "s1", caller: "c1", spec, client });
    const cutOff = (client: number) =>
      calls(client).strikes("f1", "partition", [], { how: "stop", client: 0 }).ends("f1");
    expect(hitsOn(cutOff(0))).toMatchObject([{ kind: "unheard", fault: { fault: "f1" } }]);
    expect(hitsOn(cutOff(1))).toEqual([]);
    const cut = { how: "stop", client: 0 } as const;
    expect(hitsOn(calls(0).gets().strikes("f1", "partition", [], cut).ends("f1"))).toEqual([]);
    const refused = calls(0).write({ kind: "start-failed", session: "s1", caller: "c1", error: "no store" });
    expect(hitsOn(refused.strikes("f1", "partition", [], cut).ends("f1"))).toEqual([]);
    const heardLate = calls(0).strikes("f1", "partition", [], cut).gets().ends("f1");
    expect(hitsOn(heardLate)).toMatchObject([{ kind: "unheard" }]);
    const afterwards = handWritten().strikes("f1", "partition", [], cut).ends("f1");
    afterwards.write({ kind: "call", session: "s1", caller: "c1", spec, client: 0 });
    expect(hitsOn(afterwards)).toEqual([]);
  });
});

describe("ineffectiveKinds", () => {
  it("names the kinds of which no fault hit anybody", () => {
    const run = begun().kills("f1", ["w1#1"]).kills("f2", ["w3#1"]).runs("login", "w2#1");
    run.strikes("f3", "pause", []).ends("f3");
    expect(ineffectiveKinds(exposureOf(run.history()))).toEqual(["pause"]);
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
    const run = begun().kills("f1", ["w1#1", "w2#1", "w3#1"], "kill-all");
    run.workers("w1#2").runs("login", "w1#2");
    expect(recoveries(run).get("kill-all")).toMatchObject([{ censored: false }]);
  });

  it("measures from a pause to whoever goes on, and nothing from an order to fail", () => {
    const run = begun().strikes("f1", "pause", ["w1#1"]).wait(1_198).begins("login", "w2#1").ends("f1");
    run.strikes("f2", "throw", [], { hits: "s1" });
    run.begins("record:0", "w2#1", { kind: "throw", when: "before", fault: "f2" }).runs("record:0", "w2#1");
    const found = recoveries(run);
    expect([...found.keys()]).toEqual(["pause"]);
    expect(found.get("pause")).toMatchObject([{ recoveryMs: 1_199, censored: false }]);
  });

  it("censors at the end of the history what never came back", () => {
    const run = begun().kills("f1", ["w1#1"]).wait(4_998).inspected("world");
    expect(recoveries(run).get("kill")).toMatchObject([{ recoveryMs: 5_000, censored: true }]);
  });
});
