/**
 * One case of the crash matrix: a session in a group of its own, with one worker at a time, that dies at one point as
 * often as it was told to and is then allowed to finish. What happened is in the ledger; nothing is judged here.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { SessionSpec } from "../../implementations/session/spec.ts";
import type { SessionMode } from "../faults/plan-schema.ts";
import type { ClientOrder } from "../workers/client-main.ts";
import type { Child } from "../workers/reaper.ts";
import type { CrashPoint } from "./crash-points.ts";
import type { Stage } from "./stage.ts";

export interface CrashCase {
  readonly crashPoint: CrashPoint;
  readonly mode: SessionMode;
  /** Also names its group. */
  readonly sessionId: string;
  readonly spec: SessionSpec;
}

/** A life in which nothing happened for so long is over, ms. */
const patienceMs = 15_000;
/** How long a worker may take to leave on SIGTERM, ms. */
const leaveMs = 2_000;

export function caseOf(crashPoint: CrashPoint, mode: SessionMode): CrashCase {
  const sessionId = `${crashPoint.id.replace(/[:/]/g, "-")}-${mode}`;
  const activities = ["view", "search", "download"].map((action) => ({ action, target: crashPoint.id }));
  // Only a case that dies in its wait needs one that is longer than what a new worker takes to start.
  const idleTimeoutMs = crashPoint.how.kind === "sleep" ? 1500 : 200;
  return { crashPoint, mode, sessionId, spec: { sessionId, userId: "user", activities, idleTimeoutMs } };
}

/** Starts the session and, one after another, `depth` workers that die and one that survives. */
export async function playCase(
  { crashPoint, mode, sessionId, spec }: CrashCase,
  stage: Stage,
  client: Child,
  { depth, leaseMs }: { readonly depth: number; readonly leaseMs: number },
): Promise<void> {
  const { witness, recorder } = stage;
  const { how, step } = crashPoint;
  await witness.register([{ sessionId, mode, workMs: {} }]);
  if (how.kind === "effect") {
    await witness.arm(sessionId, step, { kind: "crash", when: how.when, effect: how.effect }, depth);
  }
  const answered = Promise.withResolvers<void>();
  const idle = Promise.withResolvers<void>();
  const unwatch = recorder.watch((entry) => {
    if (!("session" in entry) || entry.session !== sessionId) return;
    if (entry.kind === "result" || entry.kind === "result-failed") answered.resolve();
    if (entry.kind === "landed" && entry.effect === "set-idle") idle.resolve();
  });
  client.send({ caller: "caller", spec, group: sessionId } satisfies ClientOrder);

  for (let life = 1; life <= depth; life++) {
    const worker = `${sessionId}#${life}`;
    const child = await startWorker(stage, worker, sessionId, how.kind === "completion");
    if (how.kind === "sleep") {
      // The first dies in the wait; whoever takes over dies as soon as it is there.
      const untilMs = life === 1 ? how.fraction * spec.idleTimeoutMs : 0;
      void idle.promise.then(() => delay(untilMs)).then(() => child.kill("SIGKILL"));
    }
    const exit = await Promise.race([child.exited, delay(patienceMs, null, { ref: false })]);
    if (exit === null) {
      await end(stage, worker, child);
      break;
    }
    const fault = `${worker} at ${crashPoint.id}`;
    await witness.note({ kind: "fault", fault, faultKind: "crash-point", workers: [worker] });
    await witness.note({ kind: "exited", worker, ...exit });
  }
  const survivor = `${sessionId}#${depth + 1}`;
  const child = await startWorker(stage, survivor, sessionId, false);
  await Promise.race([answered.promise, delay(patienceMs, undefined, { ref: false })]);
  // The caller may have its answer while the engine still has to learn, from the retry, that all is done.
  if (how.kind === "completion") await delay(3 * leaseMs);
  await end(stage, survivor, child);
  unwatch();
}

async function startWorker(
  stage: Stage,
  worker: string,
  group: string,
  crashAtCompletion: boolean,
): Promise<Child> {
  const child = stage.spawnWorker(worker, group, crashAtCompletion);
  await stage.witness.note({ kind: "spawned", worker });
  const ready = await Promise.race([child.firstMessage(), child.exited]).then(
    () => true,
    () => false, // it died before it was ready; whoever waits for its exit sees that
  );
  if (ready) await stage.witness.note({ kind: "ready", worker });
  return child;
}

async function end({ witness }: Stage, worker: string, child: Child): Promise<void> {
  child.kill("SIGTERM");
  await Promise.race([child.exited, delay(leaveMs, undefined, { ref: false })]);
  child.kill("SIGKILL");
  await witness.note({ kind: "exited", worker, ...(await child.exited) });
}
