/** A process that executes lifecycles: a BullMQ worker with the options that its defaults get wrong for this job. */
// concern: wiring
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "bullmq";
import { longestStopMs, type StartWorker } from "../session/contract.ts";
import { connectionOptions, queuePrefix } from "./connection.ts";
import { sessionProcessor } from "./lifecycle.ts";
import { SessionRows } from "./session-row.ts";
import { singleRun } from "./single-run.ts";

export const startWorker: StartWorker = async ({
  store,
  group,
  leaseMs,
  retryDelayMs,
  concurrency,
  world,
}) => {
  const { prefix = "" } = store;
  const connection = connectionOptions(store);
  // An answer that takes longer than the lease speaks of a session that may be another worker's by now. Not for BullMQ's own
  // connections: there it would end blocking pops.
  const rows = new SessionRows({ ...connection, commandTimeout: leaseMs ?? undefined }, prefix + group);
  const worker = new Worker(group, singleRun(sessionProcessor(world, rows), retryDelayMs), {
    connection,
    prefix: queuePrefix(store),
    concurrency,
    // concern: retry and recovery
    // A lock is renewed every half of its time. Of the looks for stalled jobs one marks, the next one takes: a takeover within a lease and two looks.
    ...(leaseMs === null ? {} : { lockDuration: leaseMs, stalledInterval: leaseMs / 2 }),
    maxStalledCount: Number.MAX_SAFE_INTEGER, // the default fails a job for good at its second crash, whatever `attempts` says
    drainDelay: 1, // s; how long an idle worker trusts its wake-up while no job is delayed (10 s, fixed, while one is)
    runRetryDelay: 500, // ms; the default of 15 s is how long a worker would sulk after a failed fetch
  });
  worker.on("error", (error) => console.error(`worker: ${error.message}`));
  worker.on("failed", (job, error) => console.error(`session ${job?.data.sessionId}: ${error.message}`));
  // Losing the lock does not stop a processor by itself; cancelling the job aborts the signal that it checks.
  worker.on("lockRenewalFailed", (jobIds) => {
    for (const jobId of jobIds) worker.cancelJob(jobId);
  });
  // concern: wiring
  await worker.waitUntilReady();
  // concern: shutdown
  return {
    async stop() {
      await Promise.race([worker.close(), delay(longestStopMs)]);
      rows.close();
    },
  };
};
