/**
 * The experiment `crash-matrix`: one kill at every crash point, exhaustively. Each case has a group and workers of its
 * own, so that one kill explains one outcome; cases run side by side in lanes, because most of a case is waiting.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { SessionSpec } from "../../implementations/session/spec.ts";
import { effectsOf, stepsOf } from "../../implementations/session/steps.ts";
import { isGuaranteed } from "../checks/guarantees.ts";
import { judge } from "../checks/judge.ts";
import type { VerdictValue } from "../checks/verdict.ts";
import { type SessionMode, sessionModeSchema } from "../faults/plan-schema.ts";
import type { Entry } from "../history/entry.ts";
import { type History, indexHistory } from "../history/history.ts";
import type { CrashMatrixRow } from "../report/results-schema.ts";
import type { Target } from "../targets.ts";
import type { ClientOrder } from "../workers/client-main.ts";
import type { Child } from "../workers/reaper.ts";
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
  /** Cases under way at once on each target. */
  readonly lanes: number;
}

interface CrashCase {
  readonly crashPoint: CrashPoint;
  readonly mode: SessionMode;
  /** Also names its group. */
  readonly sessionId: string;
  readonly spec: SessionSpec;
}

/** A session that has no result after so long is lost, ms; per life. */
const patienceMs = 15_000;
const leaveMs = 2_000;

/** Plays every case on one target and resolves with one row for each, in the order of the points. */
export async function crashMatrix(
  run: Run,
  target: Target,
  settings: CrashMatrixSettings,
  onCase: (finished: number, total: number) => void,
): Promise<{ rows: readonly CrashMatrixRow[]; storeVersion: string }> {
  const { leaseMs, retryDelayMs, points, lanes } = settings;
  const stage = await Stage.open({ run, experiment, target, leaseMs, retryDelayMs });
  const client = stage.spawnClient("client", "none");
  await client.firstMessage();

  const cases = points.flatMap((crashPoint) =>
    sessionModeSchema.options.map((mode) => caseOf(crashPoint, mode)),
  );
  const waiting = [...cases];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await play(next, stage, client, settings.depth);
        onCase(cases.length - waiting.length, cases.length);
      }
    }),
  );
  await delay(2 * leaseMs);
  client.kill("SIGTERM");
  await client.exited;
  const history = indexHistory(await stage.close());
  return {
    rows: cases.map((crashCase) => rowOf(crashCase, history, target.name, settings)),
    storeVersion: stage.store.version,
  };
}

function caseOf(crashPoint: CrashPoint, mode: SessionMode): CrashCase {
  const sessionId = `${crashPoint.id.replace(/[:/]/g, "-")}-${mode}`;
  const activities = ["view", "search", "download"].map((action) => ({ action, target: crashPoint.id }));
  // Only a case that dies in its wait needs one that is longer than what a new worker takes to start.
  const idleTimeoutMs = crashPoint.how.kind === "sleep" ? 1500 : 200;
  return { crashPoint, mode, sessionId, spec: { sessionId, userId: "user", activities, idleTimeoutMs } };
}

/** Starts the session and one worker after another until one survives, and lets the session finish. */
async function play(crashCase: CrashCase, stage: Stage, client: Child, depth: number): Promise<void> {
  const { crashPoint, mode, sessionId, spec } = crashCase;
  const { witness, recorder } = stage;
  const { how, step } = crashPoint;
  await witness.register([{ sessionId, mode, workMs: {} }]);
  if (how.kind === "effect")
    await witness.arm(sessionId, step, { kind: "crash", when: how.when, effect: how.effect }, depth);

  const finished = Promise.withResolvers<"finished">();
  const idle = Promise.withResolvers<void>();
  const unwatch = recorder.watch((entry) => {
    if (!("session" in entry) || entry.session !== sessionId) return;
    if (entry.kind === "result" || entry.kind === "result-failed") finished.resolve("finished");
    if (entry.kind === "landed" && entry.effect === "set-idle") idle.resolve();
  });
  client.send({ caller: "caller", spec, group: sessionId } satisfies ClientOrder);

  for (let life = 1; ; life++) {
    const worker = `${sessionId}#${life}`;
    const child = stage.spawnWorker(worker, sessionId, how.kind === "completion" && life <= depth);
    await witness.note({ kind: "spawned", worker });
    if (
      await child.firstMessage().then(
        () => true,
        () => false,
      )
    )
      await witness.note({ kind: "ready", worker });
    if (how.kind === "sleep" && life <= depth) {
      void idle.promise
        .then(() => delay(life === 1 ? how.fraction * spec.idleTimeoutMs : 0))
        .then(() => child.kill("SIGKILL"));
    }
    const patience = delay(patienceMs, "patience is over" as const, { ref: false });
    const outcome = await Promise.race([finished.promise, child.exited, patience]);
    if (typeof outcome === "object" && life <= depth) {
      await witness.note({
        kind: "fault",
        fault: `${worker} at ${crashPoint.id}`,
        faultKind: "crash-point",
        workers: [worker],
      });
      await witness.note({ kind: "exited", worker, ...outcome });
      continue;
    }
    child.kill("SIGTERM");
    await Promise.race([child.exited, delay(leaveMs, undefined, { ref: false })]);
    child.kill("SIGKILL");
    await witness.note({ kind: "exited", worker, ...(await child.exited) });
    unwatch();
    return;
  }
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
  const crashes = [...history.workers.values()].filter(
    ({ worker, exited, killedBy }) =>
      worker.startsWith(`${sessionId}#`) && killedBy !== null && exited?.signal === "SIGKILL",
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
    ...{ target, mode, step: row, point, landed: count("landed"), suppressed: count("suppressed") },
    executions: work.filter((entry) => entry.kind === "begin" && entry.step === step).length,
    recoveredMs: crashedAt === undefined || next === undefined ? null : next.at - crashedAt,
    verdict,
  };
}
