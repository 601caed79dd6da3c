/** The least that BullMQ can do: a job without any work. What it reaches bounds every lifecycle. */
import { Worker } from "bullmq";
import type { StartWorker } from "../../../session/contract.ts";
import { connectionOptions } from "../../connection.ts";

export const startWorker: StartWorker = async ({ store, group, leaseMs, concurrency }) => {
  const lease = leaseMs === null ? {} : { lockDuration: leaseMs, stalledInterval: leaseMs / 2 };
  const worker = new Worker(group, async () => null, {
    connection: connectionOptions(store),
    concurrency,
    drainDelay: 1, // s; as the lifecycle's
    ...lease,
  });
  worker.on("error", (error) => console.error(`worker: ${error.message}`));
  await worker.waitUntilReady();
  return { stop: () => worker.close() };
};
