/** A worker as the documentation has it: it logs errors, and closes when its process is told to end. */
// concern: wiring
import { Worker } from "bullmq";
import type { StartWorker } from "../../session/contract.ts";
import { connectionTo } from "./connection.ts";
import { sessionProcessor } from "./lifecycle.ts";

export const startWorker: StartWorker = async ({ store, group, leaseMs, concurrency, world }) => {
  const worker = new Worker(group, sessionProcessor(world), {
    ...connectionTo(store),
    concurrency,
    // By default both are 30 s.
    ...(leaseMs === null ? {} : { lockDuration: leaseMs, stalledInterval: leaseMs }),
  });
  worker.on("error", (error) => console.error(`worker: ${error.message}`));
  // https://docs.bullmq.io/guide/workers
  worker.on("failed", (job, error) => console.error(`job ${job?.id} failed: ${error.message}`));
  // https://docs.bullmq.io/guide/workers/cancelling-jobs
  worker.on("lockRenewalFailed", (jobIds) => {
    for (const jobId of jobIds) worker.cancelJob(jobId);
  });
  await worker.waitUntilReady();
  return { stop: () => worker.close() };
};
