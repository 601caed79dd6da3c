/**
 * Plays one kill at every crash point. Each case has a group and workers of its own, so that one kill explains one
 * outcome; cases run side by side, because most of a case is waiting.
 */
import { sessionModeSchema } from "../../plan/plan-schema.ts";
import { terminate } from "../../processes/terminate.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import type { Run } from "../../run/run.ts";
import { hasCompletionHook, type Target } from "../../run/target.ts";
import { engineOf } from "../../targets/targets.ts";
import type { WhenFree } from "../experiment.ts";
import { type CrashCase, caseOf, playCase } from "./crash-case.ts";
import { type CrashPoint, crashPointsNamed } from "./crash-points.ts";
import { crashMatrixRows } from "./judge.ts";
import type { CrashMatrixRow } from "./rows.ts";
import type { CrashMatrixSettings } from "./settings.ts";

/** The name of its ledger. */
export const crashMatrixLedger = "crash-matrix";

/** Plays every case on one target and resolves with one row for each, in the order of the points. */
export async function playCrashMatrix(
  run: Run,
  target: Target,
  settings: CrashMatrixSettings,
  whenFree: WhenFree,
  onCase: () => void,
): Promise<readonly CrashMatrixRow[]> {
  const { leaseMs, retryDelayMs } = settings;
  const environment = await TargetEnvironment.open({
    run,
    experiment: crashMatrixLedger,
    target,
    leaseMs,
    retryDelayMs,
  });
  const client = environment.spawnClient("client", "none");
  await client.firstMessage();

  const cases = casesOf(target, settings);
  await Promise.all(
    cases.map((crashCase) => whenFree(() => playCase(crashCase, environment, client, settings)).then(onCase)),
  );
  await environment.inspect(cases.map(({ sessionId }) => sessionId));
  await terminate(client);
  return crashMatrixRows(await environment.close(), target, { cases, leaseMs });
}

/** A case for each point and mode, in the order of the points; none at the end where the engine has no hook for that. */
export function casesOf(
  target: Pick<Target, "engine" | "implementation">,
  { points, depth }: Pick<CrashMatrixSettings, "points" | "depth">,
): readonly CrashCase[] {
  return crashPointsNamed(points).flatMap((crashPoint: CrashPoint) => {
    if (crashPoint.how.kind === "completion" && !hasCompletionHook(target)) return [];
    // Where the last checkpoint is the end, a worker that comes after such a death finds nothing to do.
    const isLastDeath = crashPoint.how.kind === "completion" && engineOf(target).endsWithLastCheckpoint;
    const deaths = isLastDeath ? 1 : depth;
    return sessionModeSchema.options.map((mode) => caseOf(crashPoint, mode, deaths));
  });
}
