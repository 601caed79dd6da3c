/**
 * Test support: a small real run whose baseline is a broken variant, so that its page has everything that a reader may
 * meet: kills, sessions that a fault hit, a guarantee that was violated, and a session whose id tries to be HTML.
 */
import { join } from "node:path";
import pLimit from "p-limit";
import { variants } from "../../../implementations/redis-bullmq/manifest/variants.ts";
import { packagesOfEngines, resultsForm, settingsByName } from "../../commands/run.ts";
import { inRepository, writeEditedCopy } from "../../engines/edited-copy.ts";
import { chaos } from "../../experiments/chaos/chaos.ts";
import { chaosSettingsOf } from "../../experiments/chaos/settings.ts";
import { crashMatrix } from "../../experiments/crash-matrix/crash-matrix.ts";
import { crashPointsNamed } from "../../experiments/crash-matrix/crash-points.ts";
import { casesOf, playCrashMatrix } from "../../experiments/crash-matrix/play.ts";
import { judgePlan } from "../../experiments/parts.ts";
import type { Results } from "../../experiments/results.ts";
import { cellsOf } from "../../experiments/upgrade/cells.ts";
import { playUpgrades } from "../../experiments/upgrade/play.ts";
import type { UpgradeSettings } from "../../experiments/upgrade/settings.ts";
import { upgrade } from "../../experiments/upgrade/upgrade.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import { type Plan, type PlannedSession, planSchema } from "../../plan/plan-schema.ts";
import { type RunFacts, resultsSchemaVersion } from "../../report/run-facts.ts";
import { machine, versions } from "../../run/machine.ts";
import { playOnTargets } from "../../run/play-plan/play-plan.ts";
import type { Run } from "../../run/run.ts";
import { type FoundRows, joined, withExitCode } from "../../run/run-experiments.ts";
import type { Target } from "../../run/target.ts";
import { targetsNamed } from "../../targets/targets.ts";
import { samplePerformance } from "./sample-of-every-chart.ts";
import { sampleResults } from "./sample-results.ts";

/** What would run, were it ever taken for HTML. */
export const hostileId = "<img src=x onerror=alert(1)>";

const seed = 3;
const timing = { leaseMs: 1000, retryDelayMs: 100 };
const longestIdleMs = 1500;

/** Plays it, and resolves with its results; what the small run did not measure is taken from the samples. */
export async function playRunWithViolation(run: Run): Promise<Results> {
  const plan = planWithViolation();
  const targets = [...targetsNamed("resonate@embedded"), targetWithoutKeys(run)];
  const points = crashPointsNamed(["record:1"]).map(({ id }) => id);
  const matrixSettings = { ...timing, depth: 1, points };
  const casesTo = (target: Target) => ({
    ...matrixSettings,
    cases: casesOf(target, matrixSettings),
    attempt: 0,
  });
  const upgradeSettings: UpgradeSettings = {
    ...timing,
    changes: ["step-after-wait"],
    fleets: ["forward"],
    unsafe: null,
    kills: false,
  };
  const upgradesOf = (target: Target) => {
    const cells = cellsOf(target, upgradeSettings).filter(({ way }) => way === "plain");
    return playUpgrades(run, target, { ...upgradeSettings, cells, attempt: 0 }, pLimit(2), () => {});
  };
  const [played, matrix, upgrades] = await Promise.all([
    playOnTargets(run, plan, targets, "chaos"),
    Promise.all(targets.map((target) => playCrashMatrix(run, target, casesTo(target), pLimit(2), () => {}))),
    Promise.all(targetsNamed("resonate@embedded").map(upgradesOf)),
  ]);
  const isOfRun = ({ target }: { readonly target: string }) => targets.some(({ name }) => name === target);
  const { claims, falseAlarms, selftest, codeSize } = sampleResults;
  const rows = {
    falseAlarms,
    selftest,
    codeSize,
    ...samplePerformance,
    ...played.map(judgePlan).reduce<FoundRows>(joined, {}),
    crashMatrix: matrix.flat(),
    upgrades: upgrades.flat(),
    upgradePrices: [],
    claims: claims.filter(isOfRun),
  };
  const factsFor = (exitCode: number): RunFacts => ({
    schemaVersion: resultsSchemaVersion,
    machine: machine(),
    versions: versions(packagesOfEngines()),
    targets: targets.map(({ name }) => ({ name, status: "ran", reason: null }) as const),
    run: {
      command: "compare",
      arguments: ["--seed", String(seed)],
      profile: "quick",
      seed,
      commit: null,
      settings: settingsByName([
        { experiment: chaos, settings: chaosSettingsOf(plan, 0) },
        { experiment: crashMatrix, settings: matrixSettings },
        { experiment: upgrade, settings: upgradeSettings },
      ]),
      startedAt: run.startedAt.toISOString(),
      wallMs: Date.now() - run.startedAt.getTime(),
      exitCode,
    },
  });
  return withExitCode(resultsForm, rows, factsFor);
}

/** The baseline without keys: whatever is executed twice lands twice. */
function targetWithoutKeys(run: Run): Target {
  const [original] = targetsNamed("redis-bullmq@redis");
  const variant = variants.find(({ name }) => name === "no-keys");
  if (original === undefined || variant === undefined) throw new Error("there is no variant without keys");
  const folder = join(run.reaper.folder, "variants", variant.name);
  writeEditedCopy(folder, inRepository(original.engine, variant.edits));
  return { ...original, implementation: `file://${folder}/implementations/redis-bullmq/` };
}

/** Kills that hit somebody, and one step of the session with the hostile id that fails after its effect: certain to be repeated. */
function planWithViolation(): Plan {
  const shape = { sessions: 60, arrivalsMs: 6000, workers: 2, clients: 2, ...timing };
  const drawn = drawPlan(seed, { ...shape, faults: { kill: 3, "kill-all": 1 } });
  const victim = drawn.sessions.find(
    ({ mode, calls: [call, ...others] }) =>
      mode === "idempotent" && others.length === 0 && (call?.spec.activities.length ?? 0) >= 2,
  );
  const sessions = drawn.sessions.map((session) =>
    renamed(session, session === victim ? hostileId : session.sessionId),
  );
  const repeat = { kind: "throw", id: "armed-1", session: hostileId, step: "record:0" } as const;
  return planSchema.parse({
    ...drawn,
    sessions,
    faults: [...drawn.faults, { ...repeat, when: "after", times: 1 }],
  });
}

function renamed(session: PlannedSession, sessionId: string): PlannedSession {
  const calls = session.calls.map((call) => {
    const idleTimeoutMs = Math.min(call.spec.idleTimeoutMs, longestIdleMs);
    return { ...call, spec: { ...call.spec, sessionId, idleTimeoutMs } };
  });
  return { ...session, sessionId, calls };
}
