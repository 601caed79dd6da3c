/** The worker process: an implementation's worker with a world at its side. It reports when it is ready. */
import { flushCompileCache } from "node:module";
import type { StartWorker } from "../../implementations/session/contract.ts";
import { die } from "../world/redis-world.ts";
import "./engine-imports.ts";
import { fromEnvironment, type WorkerConfig } from "./process-config.ts";
import { connectWorld } from "./worker-world.ts";

/** Lets this process die, in place of the request by which the engine would store that a lifecycle has ended. */
type HookCompletion = (die: () => Promise<never>) => Promise<void>;

const config = fromEnvironment<WorkerConfig>();
const { implementation, deployment, incarnation, concurrency, reachedAt } = config;

if (config.crashAtCompletion) {
  // After the last checkpoint, before the end is stored: the one crash point that the world cannot see.
  const { hookCompletion }: { hookCompletion: HookCompletion } = await import(
    new URL("manifest/completion.ts", implementation).href
  );
  await hookCompletion(die);
}
const { startWorker }: { startWorker: StartWorker } = await import(new URL("worker.ts", implementation).href);
const world = await connectWorld(config);
const worker = await startWorker({
  ...deployment,
  world,
  incarnation,
  concurrency,
  ...(reachedAt === undefined ? {} : { reachedAt }),
});

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
