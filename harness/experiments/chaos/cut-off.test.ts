import { expect, test } from "vitest";
import { kills, zombieMakers } from "../../checks/guarantees.ts";
import { analysisOf } from "../../history/analysis.ts";
import { recoveriesOf } from "../../history/recovery.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { type HandWritten, handWritten, leaseMs, spec } from "../../testing/hand-written.ts";
import { cutOffSentences } from "./cut-off.ts";
import { judgePlan } from "./judge.ts";

const drawn = drawPlan(1, {
  sessions: 1,
  arrivalsMs: 1_000,
  workers: 1,
  clients: 1,
  faults: {},
  leaseMs,
  retryDelayMs: 200,
});
const plan: Plan = {
  ...drawn,
  sessions: drawn.sessions.map((session) => ({
    ...session,
    sessionId: spec.sessionId,
    mode: "idempotent" as const,
  })),
};
const [own, remote] = ["w0#1", "remote-a-1#1"] as const;

function judged(run: HandWritten, of: Plan = plan) {
  return judgePlan({
    experiment: "chaos",
    target: {
      name: "t",
      guarantees: [{ faults: [...zombieMakers, ...kills], modes: ["idempotent", "naive"], except: [] }],
    },
    plan: of,
    analysis: analysisOf(run.history(), { leaseMs }),
  });
}

/** The remote worker is cut off in `record:0`, which another one executes again; `more` is what comes then. */
function cutOffAtWork() {
  return handWritten()
    .workers(own, remote)
    .starts()
    .runs("login", remote)
    .write({ kind: "alive", worker: remote })
    .begins("record:0", remote)
    .wait(600)
    .strikes("cut-off-1", "cut-off", [remote])
    .wait(leaseMs)
    .runsFrom("record:0", "record:1", own);
}

test("who is cut off is named, with how long nothing was heard; the session that it had was interrupted", () => {
  const run = cutOffAtWork().wait(1_000).ends("cut-off-1").runsFrom("mark-idle", "cleanup", own).gets();
  const { faults } = judged(run);
  expect(faults).toEqual([expect.objectContaining({ id: "cut-off-1", effective: true, interrupted: 1 })]);
  const silentMs = faults[0]?.cutOff?.silentMs ?? 0;
  expect(silentMs).toBeGreaterThan(2_600);
  expect(recoveriesOf(run.history(), analysisOf(run.history(), { leaseMs }).exposure)).toEqual(new Map());
  expect(cutOffSentences({ faults })).toEqual([
    `${remote} was cut off from t, not heard of for ${(silentMs / 1_000).toFixed(1)} s.`,
  ]);
});

test("one that is never heard again is said to be gone", () => {
  const { faults } = judged(cutOffAtWork().runsFrom("mark-idle", "cleanup", own).gets());
  expect(cutOffSentences({ faults })).toEqual([`${remote} was cut off from t, and not heard of again.`]);
});

test("what a worker that was cut off still does is excused once, and not a second time", () => {
  const late = () => cutOffAtWork().begins("record:0", remote).ends("cut-off-1");
  const verdictOf = (run: HandWritten) =>
    judged(run.runsFrom("mark-idle", "cleanup", own).gets()).verdicts.find(
      ({ invariant, mode }) => invariant === "repeats-explained" && mode === "idempotent",
    );
  expect(verdictOf(late())).toMatchObject({ guaranteed: true, verdict: "pass" });
  expect(verdictOf(late().begins("record:0", remote))).toMatchObject({ guaranteed: true, verdict: "fail" });
});

test("a worker that is cut off while it holds nothing leaves what the planned faults prove as it is", () => {
  const run = handWritten()
    .workers(own, remote)
    .strikes("cut-off-1", "cut-off", [remote])
    .ends("cut-off-1")
    .starts()
    .begins("login", own)
    .kills("f1", [own])
    .workers("w0#2")
    .runsFrom("login", "cleanup", "w0#2")
    .gets();
  const { verdicts } = judged(run, {
    ...plan,
    faults: [{ kind: "kill", id: "f1", atMs: 1, slot: 0, restartAfterMs: 1 }],
  });
  const found = verdicts.find(({ invariant, mode }) => invariant === "login-once" && mode === "idempotent");
  expect(found).toMatchObject({ guaranteed: true, verdict: "pass" });
});
