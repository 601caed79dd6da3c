/**
 * A remote worker: one that somebody starts, on whatever host reaches the store and the world of a run. The run counts it and
 * gives it work; it kills only its own. What such a worker needs to know stands in the world while it is wanted.
 */
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Deployment, StartWorker, StoreAddress } from "../../implementations/session/contract.ts";
import { HarnessError, UsageError } from "../errors.ts";
import type { EntryBody } from "../world/entry.ts";
import { connectWorldRedis, note } from "../world/redis-world.ts";
import { worldKeys } from "../world/scripts.ts";
import type { WorkerConfig, WorldConfig } from "./process-config.ts";
import { connectWorld } from "./worker-world.ts";
import "./engine-imports.ts";

/** Begins the names of such workers. */
export const remotePrefix = "remote-";

/** What the harness tells them: all but where store and world are, since another host reaches them by other names. */
export interface PublishedDeployment {
  readonly deployment: Omit<Deployment, "store"> & { readonly prefix: string | undefined };
  readonly world: Omit<Extract<WorldConfig, { kind: "redis" }>, "address">;
  readonly concurrency: number;
}

const lookMs = 500;

interface RemoteWork {
  /** As the run printed it; null waits for whichever run wants workers first. */
  readonly run: string | null;
  readonly target: string;
  /** Folder of the target's implementation, a file URL that ends in `/`. */
  readonly implementation: string;
  readonly world: StoreAddress;
  readonly store: StoreAddress;
}

/**
 * Works for a run until that does not want it any more, or `leave` aborts. Resolves when it has left in good order.
 * @throws UsageError when the run that was named wants no workers, HarnessError when the world is out of reach.
 */
export async function workRemotely(remote: RemoteWork, leave: AbortSignal): Promise<void> {
  const { run, target, implementation, world: worldAddress } = remote;
  const redis = await reached(worldAddress, connectWorldRedis(worldAddress));
  const wanted = await reached(worldAddress, whoWantsWorkers(redis, run, target, leave));
  if (wanted === null) {
    redis.disconnect();
    if (leave.aborted) return;
    throw new UsageError(
      `No run ${run} at ${worldAddress.url} wants workers for ${target}.`,
      "Start the run first, and name it as it prints itself.",
    );
  }
  const { key, published } = wanted;
  const told: PublishedDeployment = JSON.parse(published); // by this file's other half, in the harness of the same version
  const config = configOf(told, remote);
  const { incarnation, deployment, concurrency } = config;
  const say = (entry: EntryBody) => note(redis, told.world.prefix, entry);
  await say({ kind: "spawned", worker: incarnation });
  const { startWorker }: { startWorker: StartWorker } = await import(
    new URL("worker.ts", implementation).href
  );
  const world = await connectWorld(config);
  const worker = await startWorker({ ...deployment, world, incarnation, concurrency });
  await say({ kind: "ready", worker: incarnation });
  while (!leave.aborted && (await reached(worldAddress, redis.exists(key))) === 1) await delay(lookMs);
  await worker.stop();
  await world.close();
  await say({ kind: "exited", worker: incarnation, signal: null, code: 0 }); // its last entry: the run waits for it
  redis.disconnect();
}

async function reached<Answer>({ url }: StoreAddress, asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (cause) {
    throw new HarnessError(
      `The world at ${url} is out of reach.`,
      "A run that has one there goes on without this worker: start it again once the host is reached.",
      { cause },
    );
  }
}

/** What the harness would have told a worker that it starts itself, with the addresses by which this host reaches everything. */
function configOf(
  { deployment: { prefix, ...deployment }, world, concurrency }: PublishedDeployment,
  { implementation, world: address, store }: RemoteWork,
): WorkerConfig {
  return {
    implementation,
    deployment: { ...deployment, store: prefix === undefined ? store : { ...store, prefix } },
    world: { ...world, address },
    incarnation: `${remotePrefix}${hostname()}-${process.pid}#1`,
    concurrency,
    crashAtCompletion: false,
  };
}

/** The run that was named, or the first that wants workers for the target; null where there is none, and no use in waiting. */
async function whoWantsWorkers(
  redis: Redis,
  run: string | null,
  target: string,
  leave: AbortSignal,
): Promise<{ key: string; published: string } | null> {
  const { deployment: pattern } = worldKeys(`${run ?? "killproof-*"}-${target}`);
  while (!leave.aborted) {
    const keys = run === null ? await redis.keys(pattern) : [pattern];
    for (const key of keys) {
      const published = await redis.get(key);
      if (published !== null) return { key, published };
    }
    if (run !== null) return null;
    await delay(lookMs);
  }
  return null;
}
