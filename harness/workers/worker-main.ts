/**
 * The worker process: an implementation's worker with a world at its side. It reports when it is ready and
 * says in the ledger that it is alive, ten times per lease, because a silence as long as the lease looks like a death.
 */
import { flushCompileCache } from "node:module";
import type { StartWorker } from "../contract.ts";
import { NoopWorld } from "../world/noop-world.ts";
import { connectWorldRedis, note, RedisWorld } from "../world/redis-world.ts";
import type { World } from "../world/world.ts";
import { armCompletionCrash } from "./completion-crash.ts";
import { fromEnvironment, type WorkerConfig } from "./process-config.ts";

const config = fromEnvironment<WorkerConfig>();
const { implementation, deployment, world: worldConfig, incarnation, concurrency } = config;

if (config.crashAtCompletion) await armCompletionCrash(implementation);
const { startWorker }: { startWorker: StartWorker } = await import(new URL("worker.ts", implementation).href);
const world = await connectWorld();
const worker = await startWorker({ ...deployment, world, incarnation, concurrency });

process.on("SIGTERM", async () => {
  await worker.stop();
  await world.close();
  process.exit(0);
});
process.on("disconnect", () => {}); // the harness is gone; its reaper decides what becomes of this process
// Node writes its compile cache when a process exits in good order, which a killed worker never does. Written here, before
// anything is measured, it lets each later life start in two thirds of the time; those find it written.
flushCompileCache();
process.send?.({ kind: "ready" });

async function connectWorld(): Promise<World> {
  if (worldConfig.kind === "none") return new NoopWorld(new Uint8Array(32));
  const { address, prefix, tokenKey } = worldConfig;
  const redis = await connectWorldRedis(address);
  const beatMs = deployment.leaseMs / 10;
  const beat = () => note(redis, prefix, { kind: "alive", worker: incarnation });
  setInterval(() => void beat().catch(() => {}), beatMs).unref(); // a beat less is what the ledger should show
  return new RedisWorld(redis, prefix, incarnation, Buffer.from(tokenKey, "hex"));
}
