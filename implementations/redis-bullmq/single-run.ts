/**
 * One run of a job at a time in one process. BullMQ 6.7.0 keeps the locks that it renews by job id alone (classes/lock-manager.js):
 * where a worker loses a job's lock and then takes the same job again, the end of the older run also ends the renewal
 * of the newer one's lock. That one is lost in turn, and a step that takes longer than the lock lasts never gets done.
 */
// concern: work-around for bullmq 6.7.0
import { DelayedError, type Processor } from "bullmq";

/** A processor that puts a job back for `retryDelayMs` while an older run of it goes on in this process. */
export function singleRun<Data, Result>(
  processor: Processor<Data, Result>,
  retryDelayMs: number,
): Processor<Data, Result> {
  const running = new Set<string | undefined>();
  return async (job, token, signal) => {
    if (running.has(job.id)) {
      await job.moveToDelayed(Date.now() + retryDelayMs, token);
      throw new DelayedError();
    }
    running.add(job.id);
    try {
      return await processor(job, token, signal);
    } finally {
      running.delete(job.id);
    }
  };
}
