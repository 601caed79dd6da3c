/**
 * The idle wait as a delayed job. The deadline is absolute and stands in the session's row, so that a crash
 * neither restarts nor shortens it; the job's delay is only the alarm that makes a worker look again.
 */
// concern: timer
import { DelayedError, type Job } from "bullmq";

/**
 * Returns when `expireAt` has come. Before that, it puts the job to sleep until then and leaves the processor.
 *
 * The token fences the move: without it, a worker that lost its lock could put its successor's job to sleep.
 *
 * @throws DelayedError while the session idles; BullMQ expects it to leave the processor.
 */
export async function waitUntil(
  expireAt: number,
  now: number,
  job: Job,
  token: string | undefined,
): Promise<void> {
  if (now >= expireAt) return;
  // BullMQ counts the delay on this process's clock: an absolute time would be early, and the job started again and again,
  // wherever that clock is ahead of Redis's.
  await job.moveToDelayed(Date.now() + (expireAt - now), token);
  throw new DelayedError();
}
