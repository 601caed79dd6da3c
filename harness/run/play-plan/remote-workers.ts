/** What a run asks and says where workers are started by hand on other hosts. */
import { setTimeout as delay } from "node:timers/promises";
import { UsageError } from "../../errors.ts";
import { Silences } from "../../history/silences.ts";
import { seconds } from "../../report/numbers.ts";
import { storeUrlFlags } from "../../stores/options.ts";
import { remotePrefix } from "../../workers/remote-worker.ts";
import type { Incarnation } from "../../world/entry.ts";
import type { TargetEnvironment } from "../environment.ts";
import type { RunOptions } from "../run-experiments.ts";
import type { Target } from "../target.ts";

/** @throws UsageError where workers are awaited from other hosts, which could not reach the world or a store. */
export function refuseToReachNobody(
  targets: readonly Target[],
  { remoteWorkers = 0, worldUrl }: Pick<RunOptions, "remoteWorkers" | "worldUrl">,
): void {
  if (remoteWorkers === 0) return;
  const calling = targets.find(({ callsWorkers }) => callsWorkers);
  if (calling !== undefined)
    throw new UsageError(
      `The store of ${calling.name} calls its workers, and can call none on other hosts.`,
      "Leave the target out with --targets, or --remote-workers.",
    );
  const own = worldUrl === undefined ? "the world" : targets.find(({ external }) => external === null)?.name;
  if (own === undefined) return;
  throw new UsageError(
    `Remote workers cannot reach ${own}: what a run starts listens on loopback only.`,
    `Name a world and a store that are running: --world-url, and ${storeUrlFlags.join(" or ")}.`,
  );
}

/** What to type where workers are to run that a target waits for. Pure. */
function invitationTo(worldPrefix: string, target: string, count: number): string {
  return `Waiting for ${count} × npm run worker -- --run ${worldPrefix}chaos --target ${target} --world-url … and the URL of its store`;
}

const leaveMs = 15_000; // so long may they take to leave

/** Lets remote workers come to a group; resolves when so many are ready. */
export async function awaitRemoteWorkers(
  environment: TargetEnvironment,
  group: string,
  count: number,
): Promise<void> {
  watchForSilence(environment);
  await environment.witness.publish(environment.publishedFor(group));
  console.log(invitationTo(environment.runName, environment.target.name, count)); // now: before, nobody would find the run
  await untilRemote(environment, "ready", count);
}

/** Says in the ledger, and to whoever watches the run, which of them is cut off, and when it is heard again. */
function watchForSilence({ recorder, witness, leaseMs }: TargetEnvironment): void {
  const silences = new Silences(isRemote, leaseMs);
  const faultOf = new Map<Incarnation, string>();
  let count = 0;
  recorder.watch((entry) => {
    for (const { worker, isSilent, silentMs } of silences.read(entry)) {
      if (isSilent) faultOf.set(worker, `cut-off-${++count}`);
      const fault = faultOf.get(worker) ?? "";
      const said = isSilent
        ? ({ kind: "fault", fault, faultKind: "cut-off", workers: [worker] } as const)
        : ({ kind: "fault-ended", fault } as const);
      console.log(
        `${worker} ${isSilent ? "is cut off: silent for" : "is heard again, after"} ${seconds(silentMs)}`,
      );
      void witness.note(said).catch(() => {}); // a world that is gone ends the run by itself
    }
  });
}

/** Sends those workers away; resolves when each has said that it is gone. */
export async function terminateRemoteWorkers(environment: TargetEnvironment): Promise<void> {
  await environment.witness.publish(null);
  await Promise.race([
    untilRemote(environment, "exited", countOf(environment, "ready")),
    delay(leaveMs, undefined, { ref: false }),
  ]);
}

/** Resolves when so many remote workers have said this of themselves. */
async function untilRemote(
  environment: TargetEnvironment,
  kind: "ready" | "exited",
  count: number,
): Promise<void> {
  const enough = Promise.withResolvers<void>();
  const look = () => countOf(environment, kind) >= count && enough.resolve();
  const unwatch = environment.recorder.watch(({ kind: seen }) => seen === kind && look());
  look();
  await enough.promise;
  unwatch();
}

function countOf({ recorder }: TargetEnvironment, kind: "ready" | "exited"): number {
  return recorder.entries.filter((entry) => entry.kind === kind && isRemote(entry.worker)).length;
}

function isRemote(worker: Incarnation): boolean {
  return worker.startsWith(remotePrefix);
}
