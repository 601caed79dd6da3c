import { expect, test } from "vitest";
import { analysisOf } from "../../history/analysis.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import { handWritten, leaseMs } from "../../testing/hand-written.ts";
import { faultTable } from "./fault-table.ts";
import { judgePlan } from "./judge.ts";

const plan = drawPlan(1, {
  sessions: 3,
  arrivalsMs: 1_000,
  workers: 2,
  clients: 1,
  faults: { kill: 1, terminate: 1 },
  leaseMs,
  retryDelayMs: 200,
});

test("a worker that was told to leave and had to be killed is said to be, and one that left is not", () => {
  const run = handWritten().workers("w1#1", "w2#1");
  const told = (fault: string, worker: string, signal: string | null) =>
    run
      .write({ kind: "fault", fault, faultKind: "terminate", workers: [worker] })
      .write({ kind: "exited", worker, signal, code: signal === null ? 0 : null });
  told("f1", "w1#1", null);
  told("f2", "w2#1", "SIGKILL");
  run.workers("w1#2").kills("f3", ["w1#2"]);
  const { faults } = judgePlan({
    experiment: "chaos",
    target: { name: "t", guarantees: [] },
    plan,
    analysis: analysisOf(run.history(), { leaseMs }),
  });
  expect(faults.map(({ id, overstayed }) => [id, overstayed])).toEqual([
    ["f1", 0],
    ["f2", 1],
    ["f3", null],
  ]);
  const { headers, rows } = faultTable({ faults });
  const column = headers.indexOf("killed for not leaving in time");
  expect(rows.map((row) => [row[0], row[column]])).toEqual([
    ["t, terminate", "1"],
    ["t, kill", "–"],
  ]);
});
