/**
 * The experiment `crash-matrix`: one kill at every crash point, exhaustively. Each case has a group and workers of its
 * own, so that one kill explains one outcome; cases run side by side in lanes, because most of a case is waiting.
 */
import { effectsOf, stepsOf } from "../../implementations/session/steps.ts";
import { isGuaranteed } from "../checks/guarantees.ts";
import { judge } from "../checks/judge.ts";
import type { VerdictValue } from "../checks/verdict.ts";
import { sessionModeSchema } from "../faults/plan-schema.ts";
import type { Entry } from "../history/entry.ts";
import { type History, indexHistory } from "../history/history.ts";
import type { CrashMatrixRow } from "../report/results-schema.ts";
import type { Target } from "../targets.ts";
import { type CrashCase, caseOf, playCase } from "./crash-case.ts";
import type { CrashPoint } from "./crash-points.ts";
import type { Run } from "./run.ts";
import { Stage } from "./stage.ts";

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

  const cases = points.flatMap((crashPoint) =>
    sessionModeSchema.options.map((mode) => caseOf(crashPoint, mode, settings.depth)),
  );
  await Promise.all(
    cases.map((crashCase) => inLane(() => playCase(crashCase, stage, client, settings)).then(onCase)),
  );
  await stage.inspect(cases.map(({ sessionId }) => sessionId));
  client.kill("SIGTERM");
  await client.exited;
  const history = indexHistory(await stage.close());
  return {
    rows: cases.map((crashCase) => rowOf(crashCase, history, target.name, settings)),
    storeVersion: stage.store.version,
  };
}

/** What the history says of one case. Pure. */
function rowOf(
  { crashPoint, mode, sessionId, spec }: CrashCase,
  history: History,
  target: string,
  { depth, leaseMs }: CrashMatrixSettings,
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
    ({ worker, exited, killedBy }) =>
      worker.startsWith(`${sessionId}#`) &&
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
