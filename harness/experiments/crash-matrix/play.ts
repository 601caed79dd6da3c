/**
 * Plays one kill at every crash point. Each case has a group and workers of its own, so that one kill explains one
 * outcome; cases run side by side, because most of a case is waiting.
 */
import pLimit from "p-limit";
import { sessionModeSchema } from "../../plan/plan-schema.ts";
import { terminate } from "../../processes/terminate.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import { inspect } from "../../run/inspect.ts";
import type { Run } from "../../run/run.ts";
import { hasCompletionHook, type Target } from "../../run/target.ts";
import type { WhenFree } from "../../scenarios/scenario.ts";
import { engineOf } from "../../targets/targets.ts";
import { type CrashCase, caseOf, playCase } from "./crash-case.ts";
import { type CrashPoint, crashPointsNamed } from "./crash-points.ts";
import { crashMatrixRows } from "./judge.ts";
import type { CrashMatrixRow } from "./rows.ts";
import type { CrashMatrixSettings } from "./settings.ts";

interface CasesToPlay extends Pick<CrashMatrixSettings, "leaseMs" | "retryDelayMs"> {
  readonly cases: readonly CrashCase[];
  /** 0 at first; how often they were inconclusive and are played again. */
  readonly attempt: number;
}

/** The name of its ledger; where cases are played again, of that attempt's. */
export function crashMatrixLedger(attempt: number): string {
  return attempt === 0 ? "crash-matrix" : `crash-matrix-again-${attempt}`;
}

/** Plays cases on one target and resolves with one row for each, in their order. */
export async function playCrashMatrix(
  run: Run,
  target: Target,
  { cases, attempt, ...settings }: CasesToPlay,
  whenFree: WhenFree,
  onCase: () => void,
): Promise<readonly CrashMatrixRow[]> {
  const { leaseMs, retryDelayMs } = settings;
  const environment = await TargetEnvironment.open({
    run,
    experiment: crashMatrixLedger(attempt),
    target,
    leaseMs,
    retryDelayMs,
  });
  const client = environment.spawnClient("client", "none");
  await client.firstMessage();

  await Promise.all(
    cases.map((crashCase) => whenFree(() => playCase(crashCase, environment, client, settings)).then(onCase)),
  );
  await inspect(
    environment,
    cases.map(({ sessionId }) => sessionId),
  );
  await terminate(client);
  return crashMatrixRows(await environment.close(), target, { cases, attempt, leaseMs });
}

/** Plays the inconclusive ones among the rows of a target again, one after another; null where none is. */
export async function playCasesAgain(
  run: Run,
  target: Target,
  settings: CrashMatrixSettings,
  rows: readonly CrashMatrixRow[],
  attempt: number,
): Promise<readonly CrashMatrixRow[] | null> {
  const open = new Set(rows.filter(({ verdict }) => verdict === "unknown").map(({ session }) => session));
  if (open.size === 0) return null;
  console.log(`${target.name}: inconclusive, played again: ${[...open].join(", ")}`);
  const cases = casesOf(target, settings).filter(({ sessionId }) => open.has(sessionId));
  const again = await playCrashMatrix(run, target, { ...settings, cases, attempt }, pLimit(1), () => {});
  return rows.map((row) => again.find(({ session }) => session === row.session) ?? row);
}

/** A case for each point and mode, in the order of the points; none at the end where the engine has no hook for that. */
export function casesOf(
  target: Pick<Target, "engine" | "implementation">,
  { points, depth, leaseMs }: Pick<CrashMatrixSettings, "points" | "depth" | "leaseMs">,
): readonly CrashCase[] {
  return crashPointsNamed(points).flatMap((crashPoint: CrashPoint) => {
    if (crashPoint.how.kind === "completion" && !hasCompletionHook(target)) return [];
    // Where the last checkpoint is the end, a worker that comes after such a death finds nothing to do.
    const isLastDeath = crashPoint.how.kind === "completion" && engineOf(target).endsWithLastCheckpoint;
    const deaths = isLastDeath ? 1 : depth;
    return sessionModeSchema.options.map((mode) => caseOf(crashPoint, mode, { depth: deaths, leaseMs }));
  });
}
