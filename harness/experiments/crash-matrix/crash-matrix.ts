/**
 * The experiment `crash-matrix`: one kill at every crash point, exhaustively. Each case has a group and workers of its
 * own, so that one kill explains one outcome; cases run side by side in lanes, because most of a case is waiting.
 */
import { effectsOf, stepsOf } from "../../../implementations/session/steps.ts";
import { isGuaranteed } from "../../checks/guarantees.ts";
import { judge } from "../../checks/judge.ts";
import type { VerdictValue } from "../../checks/verdict.ts";
import { type History, indexHistory } from "../../history/history.ts";
import { sessionModeSchema } from "../../plan/plan-schema.ts";
import { dismiss } from "../../processes/dismiss.ts";
import type { CrashMatrixRow } from "../../report/results-schema.ts";
import { isOfTrial } from "../../run/case.ts";
import { Stage } from "../../run/environment.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../targets/targets.ts";
import { completionDeathsOf } from "../../workers/completion-crash.ts";
import type { Entry } from "../../world/entry.ts";
import { type CrashCase, caseOf, playCase } from "./crash-case.ts";
import type { CrashPoint } from "./crash-points.ts";

const experiment = "crash-matrix";

export interface CrashMatrixSettings {
  readonly points: readonly CrashPoint[];
  /** How many lives of a session die at the point: the first, and its retries. */
  readonly depth: number;
  readonly leaseMs: number;
  readonly retryDelayMs: number;
  /** Waits for a free lane, so that no more cases are under way than the machine bears. */
  readonly inLane: <T>(playCase: () => Promise<T>) => Promise<T>;
}

/** Plays every case on one target and resolves with one row for each, in the order of the points. */
export async function crashMatrix(
  run: Run,
  target: Target,
  settings: CrashMatrixSettings,
  onCase: () => void,
): Promise<{ rows: readonly CrashMatrixRow[]; storeVersion: string }> {
  const { leaseMs, retryDelayMs, points, inLane } = settings;
  const stage = await Stage.open({ run, experiment, target, leaseMs, retryDelayMs });
  const client = stage.spawnClient("client", "none");
  await client.firstMessage();

  const cases = casesOf(target, points, settings.depth);
  await Promise.all(
    cases.map((crashCase) => inLane(() => playCase(crashCase, stage, client, settings)).then(onCase)),
  );
  await stage.inspect(cases.map(({ sessionId }) => sessionId));
  await dismiss(client);
  return {
    rows: crashMatrixRows(await stage.close(), target, { cases, leaseMs }),
    storeVersion: stage.store.version,
  };
}

/** A case for each point and mode, in the order of the points. Pure. */
export function casesOf(
  { implementation }: Pick<Target, "implementation">,
  points: readonly CrashPoint[],
  depth: number,
): readonly CrashCase[] {
  return points.flatMap((crashPoint) => {
    const deaths = crashPoint.how.kind === "completion" ? completionDeathsOf(implementation, depth) : depth;
    return sessionModeSchema.options.map((mode) => caseOf(crashPoint, mode, deaths));
  });
}

/** One row for each case, from the ledger of one target, in which all cases are. Pure. */
export function crashMatrixRows(
  entries: readonly Entry[],
  { name }: Pick<Target, "name">,
  { cases, leaseMs }: { readonly cases: readonly CrashCase[]; readonly leaseMs: number },
): readonly CrashMatrixRow[] {
  return cases.map((crashCase) => {
    // Cases share a store, but no session and no worker: what befell the workers of one is no excuse for another.
    const { sessionId } = crashCase;
    const sessions = new Set([sessionId]);
    const own = entries.filter(
      (entry) => entry.kind === "inspected" || isOfTrial(sessionId, sessions, entry),
    );
    return rowOf(crashCase, indexHistory(own), name, leaseMs);
  });
}

/** What the history says of one case. Pure. */
function rowOf(
  { crashPoint, mode, sessionId, spec, depth }: CrashCase,
  history: History,
  target: string,
  leaseMs: number,
): CrashMatrixRow {
  const { row, point, step, effect } = crashPoint;
  const session = history.sessions.get(sessionId);
  const work = session?.work ?? [];
  const count = (kind: Entry["kind"]) =>
    work.filter(
      (entry) => entry.kind === kind && "effect" in entry && entry.effect === effect && entry.step === step,
    ).length;
  const idle = session?.landed.find((entry) => entry.effect === "set-idle");
  const waitEndsAt = (idle?.at ?? Number.NaN) + spec.idleTimeoutMs;
  const crashes = [...history.workers.values()].filter(
    ({ exited, killedBy }) =>
      killedBy !== null &&
      exited?.signal === "SIGKILL" &&
      (crashPoint.how.kind !== "sleep" || exited.at < waitEndsAt),
  );
  const crashedAt = crashes.at(-1)?.exited?.at;
  // After the last checkpoint no step runs again; the first sign of life is then the result.
  const signsOfLife = [...work, ...(session?.results ?? [])];
  const next = signsOfLife.find((entry) => crashedAt !== undefined && entry.at > crashedAt);
  const violated = judge(history, [{ sessionId }], { faultsInjected: false, leaseMs }).filter(
    ({ invariant, verdict }) => verdict === "fail" && isGuaranteed(invariant, target, "crash-point", mode),
  );
  const whole = stepsOf(spec.activities.length).every((each) =>
    effectsOf(each).every((wanted) =>
      session?.landed.some((entry) => entry.effect === wanted && entry.step === each),
    ),
  );
  const held = whole && (session?.results.length ?? 0) > 0 && violated.length === 0;
  const verdict: VerdictValue = held && crashes.length < depth ? "unknown" : held ? "pass" : "fail";
  return {
    ...{
      target,
      session: sessionId,
      mode,
      step: row,
      point,
      landed: count("landed"),
      suppressed: count("suppressed"),
    },
    executions: work.filter((entry) => entry.kind === "begin" && entry.step === step).length,
    recoveredMs: crashedAt === undefined || next === undefined ? null : next.at - crashedAt,
    verdict,
  };
}
