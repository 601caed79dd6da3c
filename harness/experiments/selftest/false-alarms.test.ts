import { expect, test } from "vitest";
import { allThatKeysAllow } from "../../checks/guarantees.ts";
import { indexHistory } from "../../history/history.ts";
import { type Plan, planSchema } from "../../plan/plan-schema.ts";
import type { Entry } from "../../world/entry.ts";
import { falseAlarmRow, inconclusiveOf, judgeRuns, planOfRuns, withPlayedAgain } from "./false-alarms.ts";

const promising = { name: "resonate@embedded", guarantees: allThatKeysAllow };

const rowOf = (entries: readonly Entry[], plan: Plan) =>
  falseAlarmRow(promising.name, plan, judgeRuns(indexHistory(entries), plan, promising));

const shape = {
  seed: 2 ** 31 - 2,
  runs: 5,
  sessionsPerRun: 20,
  everyMs: 4_000,
  killsPerRun: 2,
  leaseMs: 1_000,
  retryDelayMs: 200,
};

test("runs are drawn from seeds of their own, keep apart in time, and make one valid plan", () => {
  const plan = planSchema.parse(planOfRuns(shape));
  expect(plan.sessions).toHaveLength(100);
  expect(plan.faults.map(({ kind }) => kind).filter((kind) => kind === "kill-all")).toHaveLength(1);
  const arrivals = (run: number) =>
    plan.sessions
      .filter(({ sessionId }) => sessionId.startsWith(`r${run}-`))
      .map(({ calls }) => (calls[0]?.start.kind === "at" ? calls[0].start.atMs - run * 4_000 : -1));
  expect(Math.min(...arrivals(3))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...arrivals(3))).toBeLessThanOrEqual(4_000);
  expect(arrivals(3)).not.toEqual(arrivals(4));
});

test("a violation is an alarm of the run that holds the session, and a history that is not whole is no success", () => {
  const plan = planOfRuns({ ...shape, runs: 2, killsPerRun: 0 });
  expect(rowOf([], plan)).toMatchObject({
    alarms: 0,
    verdict: "unknown",
  });
  const [session] = plan.sessions;
  const call = session?.calls[0];
  if (session === undefined || call === undefined) throw new Error("the plan has no session");
  const { sessionId } = session;
  const entries: Entry[] = [
    { kind: "call", session: sessionId, caller: "c", spec: call.spec, seq: "1-0", at: 1 },
    { kind: "started", session: sessionId, caller: "c", seq: "2-0", at: 2 },
  ];
  expect(rowOf(entries, plan)).toMatchObject({
    runs: 2,
    alarms: 1,
    violated: expect.arrayContaining(["login-once", "completed"]),
    verdict: "fail",
  });
});

test("where the machine let a worker stand still, what keys provide is no alarm in sessions without keys", () => {
  const plan = planOfRuns({ ...shape, runs: 1, killsPerRun: 0 });
  const ledger = (beats: readonly number[]): Entry[] => {
    const beat = (at: number): Entry => ({ kind: "alive", worker: "w0#1", seq: `${at}-1`, at });
    const effect = { step: "login", effect: "issue-token", worker: "w0#1", key: "k", payload: {} } as const;
    const landed = plan.sessions
      .filter(({ mode }) => mode === "naive")
      .flatMap(({ sessionId, calls }) => [
        ...calls.map(
          ({ caller, spec }): Entry => ({
            kind: "call",
            session: sessionId,
            caller,
            spec,
            seq: "1-0",
            at: 1,
          }),
        ),
        ...["x1", "x2"].map(
          (execution): Entry => ({
            kind: "landed",
            session: sessionId,
            ...effect,
            execution,
            seq: "2-0",
            at: 900,
          }),
        ),
      ]);
    return [...landed, ...beats.map(beat)];
  };
  const judged = (beats: readonly number[]) => rowOf(ledger(beats), plan);
  expect(judged([100, 500, 900])).toMatchObject({
    disturbed: 0,
    violated: expect.arrayContaining(["login-once"]),
  });
  expect(judged([100, 700])).toMatchObject({ disturbed: 1, violated: [], verdict: "unknown" });
});

test("inconclusive runs are played again without the others, and the last play of each counts", () => {
  const plan = planOfRuns(shape);
  const conclusive = { violated: [], isWhole: true, isDisturbed: false };
  const disturbed = { ...conclusive, isDisturbed: true };
  const names = ["r0", "r1", "r2", "r3", "r4"];
  const found = {
    runs: new Map(names.map((name) => [name, name === "r1" || name === "r3" ? disturbed : conclusive])),
    faults: 9,
    playedAgain: 0,
  };
  const again = planSchema.parse(inconclusiveOf(plan, found, shape.everyMs));
  expect(again.sessions).toHaveLength(40);
  expect(again.faults).toHaveLength(4);
  const starts = again.sessions.flatMap(({ calls: [first] }) =>
    first?.start.kind === "at" ? [first.start.atMs] : [],
  );
  expect(Math.max(...starts)).toBeLessThan(2 * shape.everyMs);
  expect(again.faults.every((fault) => "atMs" in fault && fault.atMs < 2 * shape.everyMs)).toBe(true);

  const replayed = {
    runs: new Map([
      ["r1", conclusive],
      ["r3", disturbed],
    ] as const),
    faults: 4,
    playedAgain: 0,
  };
  const last = withPlayedAgain(found, replayed);
  expect(falseAlarmRow("t", plan, last)).toMatchObject({
    runs: 5,
    disturbed: 1,
    playedAgain: 2,
    verdict: "unknown",
  });
  expect([...planSchema.parse(inconclusiveOf(plan, last, shape.everyMs)).sessions]).toHaveLength(20);
  const done = withPlayedAgain(last, { ...replayed, runs: new Map([["r3", conclusive]]) });
  expect(inconclusiveOf(plan, done, shape.everyMs)).toBeNull();
  expect(falseAlarmRow("t", plan, done)).toMatchObject({ disturbed: 0, playedAgain: 3, verdict: "pass" });
});
