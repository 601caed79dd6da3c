import { describe, expect, test } from "vitest";
import { generatedLedger } from "../../checks/generated.ts";
import type { Ledger } from "../../history/history-file.ts";
import { handWritten, spec } from "../../testing/hand-written.ts";
import { type Drawn, timelineOf } from "./timeline.ts";
import { timelineSchema } from "./timeline-schema.ts";

const target = "resonate@embedded";
const leaseMs = 1000;
const drawn: Drawn = { runs: [{ experiment: "chaos", target, leaseMs }], cases: [], violated: [] };

function ledgerOf(sessions: number, faults: number): Ledger {
  const entries = generatedLedger({ seed: 5, mode: "idempotent", sessions, faults, leaseMs });
  return { experiment: "chaos", target, entries };
}

function runOf(ledger: Ledger, violated: Drawn["violated"] = []) {
  const [run] = timelineOf([ledger], { ...drawn, violated }).runs;
  if (run === undefined) throw new Error("no run was distilled");
  return run;
}

describe("the timeline of a run", () => {
  test("counts from the run's first entry, in what its schema lets through", () => {
    const run = runOf(ledgerOf(40, 6));
    expect(timelineSchema.safeParse({ runs: [run], cases: [] }).error).toBeUndefined();
    expect(run.sessions[0]?.entries[0]?.atMs).toBeGreaterThanOrEqual(0);
    expect(run.workers.filter(({ killedBy }) => killedBy !== null).length).toBeGreaterThan(0);
    expect(run.sessions).toHaveLength(40);
  });

  test("says of each session which faults hit it, and recovery has an interval for every interruption", () => {
    const run = runOf(ledgerOf(200, 20));
    const interrupted = run.sessions.flatMap(({ hits }) => hits.filter(({ kind }) => kind === "interrupted"));
    expect(interrupted.length).toBeGreaterThan(0);
    expect(run.recoveries).toHaveLength(run.faults.reduce((sum, fault) => sum + fault.interrupted, 0));
    const known = new Set(run.faults.map(({ id }) => id));
    expect(interrupted.every(({ fault }) => known.has(fault))).toBe(true);
  });

  test("keeps a session that a violation names, wherever it stands", () => {
    const ledger = ledgerOf(2000, 10);
    const last = ledger.entries.findLast((entry) => entry.kind === "call");
    if (last?.kind !== "call") throw new Error("nobody called");
    const broke = { invariant: "recorded-once", guaranteed: true };
    const run = runOf(ledger, [{ experiment: "chaos", target, session: last.session, ...broke }]);
    expect(run.sessions.find(({ session }) => session === last.session)?.violated).toEqual([broke]);
    expect(run.sampled.violating).toEqual({ kept: 1, of: 1 });
  });

  test("stays small, whatever the size of the run, and distributions are of all sessions", () => {
    const run = runOf(ledgerOf(5000, 300));
    expect(run.sessions.length).toBeLessThan(500);
    const { violating, hit, others } = run.sampled;
    expect(violating.of + hit.of + others.of).toBe(5000);
    expect(run.latenessMs.hit.length + run.latenessMs.others.length).toBe(5000);
    expect(JSON.stringify(run).length).toBeLessThan(2_500_000);
  });

  test("counts lateness from the window that ran, and not from that of whoever called first", () => {
    const longer = { ...spec, userId: "another", idleTimeoutMs: spec.idleTimeoutMs + 4000 };
    const { entries } = handWritten().calls("c0", longer).lives("w0#1");
    const run = runOf({ experiment: "chaos", target, entries });
    expect(run.latenessMs.others).toEqual([2]); // the begin of expire and its effect, 1 ms each
    expect(run.busyMs.others[0]).toBeGreaterThan(0);
  });

  test("says nothing of a session whose callers' windows differ in nothing that it did", () => {
    const longer = { ...spec, idleTimeoutMs: spec.idleTimeoutMs + 4000 };
    const { entries } = handWritten().calls("c0", longer).lives("w0#1");
    const run = runOf({ experiment: "chaos", target, entries });
    expect([run.latenessMs, run.busyMs]).toEqual([
      { hit: [], others: [] },
      { hit: [], others: [] },
    ]);
  });

  test("has no run of what was not judged", () => {
    expect(timelineOf([{ ...ledgerOf(5, 0), experiment: "selftest-no-keys" }], drawn).runs).toEqual([]);
  });
});

test("a case of the crash matrix has its own session and its own workers, and nobody else's", () => {
  const at = (ms: number) => ({ at: ms, seq: `${ms}-0` });
  const work = {
    session: "a",
    step: "login",
    execution: "e",
    effect: "issue-token",
    key: "k",
    payload: {},
  } as const;
  const entries: Ledger["entries"] = [
    { ...at(100), kind: "spawned", worker: "b#1" },
    { ...at(200), kind: "spawned", worker: "a#1" },
    { ...at(210), kind: "ready", worker: "a#1" },
    { ...at(220), kind: "begin", session: "a", step: "login", worker: "a#1", execution: "e", order: null },
    { ...at(230), kind: "landed", ...work, worker: "a#1" },
    { ...at(240), kind: "fault", fault: "a#1 at login/after", faultKind: "crash-point", workers: ["a#1"] },
    { ...at(241), kind: "exited", worker: "a#1", signal: "SIGKILL", code: null },
    { ...at(900), kind: "spawned", worker: "a#2" },
  ];
  const experiment = "crash-matrix";
  const cases = [{ experiment, target, session: "a" }];
  const [story] = timelineOf([{ experiment, target, entries }], { ...drawn, cases }).cases;
  expect(story?.workers.map(({ worker, spawnedMs, exitedMs }) => [worker, spawnedMs, exitedMs])).toEqual([
    ["a#1", 0, 41],
    ["a#2", 700, null],
  ]);
  expect(story?.faults.map(({ id, atMs }) => [id, atMs])).toEqual([["a#1 at login/after", 40]]);
  expect(story?.session.entries.map(({ kind, atMs, execution }) => [kind, atMs, execution])).toEqual([
    ["begin", 20, 1],
    ["landed", 30, 1],
  ]);
});
