/**
 * The whole lifecycle of a user session as a BullMQ step job. Each time the job starts, after a crash, a
 * failure or the idle wait, it reads the row and goes on at the step that the row names. A step is done in
 * this order: effect, then row. A crash between the two runs the step again, and its key makes that harmless.
 */
// concern: lifecycle
import type { Processor } from "bullmq";
import { cleanup, expire, login, markIdle, recordActivity } from "../session/operations.ts";
import type { SessionResult } from "../session/spec.ts";
import { recordStep, type Step, stepsOf } from "../session/steps.ts";
import type { World } from "../session/world.ts";
import { idempotencyKey } from "./idempotency.ts";
import { waitUntil } from "./idle-timer.ts";
import type { RowChange, SessionRows } from "./session-row.ts";

/** All that a job has to say; the rest stands in the row. */
export interface SessionJob {
  readonly sessionId: string;
}

export function sessionProcessor(
  world: World,
  rows: SessionRows,
): Processor<SessionJob, SessionResult | null> {
  return async (job, token, signal) => {
    // concern: state store
    const claimed = await rows.claim(job.data.sessionId, job);
    if (claimed === null) return null; // the session ended more than a day ago, and only this job was left of it
    let row = claimed;
    const { spec, fence } = row;
    const { sessionId, userId, activities, idleTimeoutMs } = spec;
    const steps: readonly string[] = stepsOf(activities.length);

    /** Does a step where the row says that it is the next one. */
    const step = async (name: Step, play: (key: string) => Promise<void>) => {
      if (row.step !== name) return;
      signal?.throwIfAborted(); // the lock was lost: whatever comes next belongs to another worker
      await play(idempotencyKey(sessionId, name));
    };
    const advance = async (change: RowChange) => {
      row = await rows.advance(row, steps[steps.indexOf(row.step) + 1] as Step, change);
    };

    // concern: lifecycle
    await step("login", async (key) => {
      const { jti, loginAt, receipt } = await login(world, spec, key, fence);
      await advance({ jti, loginAt, receipt });
    });
    for (const index of activities.keys()) {
      await step(recordStep(index), async (key) => {
        const { receipt } = await recordActivity(world, spec, index, key, fence, row.receipt);
        await advance({ receipt });
      });
    }
    await step("mark-idle", async (key) => {
      const { idleAt, receipt } = await markIdle(world, spec, key, fence, row.receipt);
      await advance({ expireAt: idleAt + idleTimeoutMs, receipt });
    });

    // concern: timer
    if (row.step === "expire") {
      signal?.throwIfAborted();
      await waitUntil(row.expireAt, await rows.now(), job, token);
    }

    // concern: lifecycle
    await step("expire", async (key) => {
      const { expiredAt, receipt } = await expire(world, spec, key, fence, row.receipt);
      await advance({ expiredAt, receipt });
    });
    await step("cleanup", async (key) => {
      const { cleanedAt } = await cleanup(world, spec, row.jti, key, fence, row.receipt);
      const { loginAt, expiredAt } = row;
      const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
      row = await rows.finish(row, { sessionId, userId, finalStatus: "cleaned_up", ...outcome });
    });

    // A store that lost writes may have put the row back: the job's next start goes on from there.
    if (row.result === null)
      throw new Error(`the row of session ${sessionId} is ${row.step}, without a result`);
    return row.result;
  };
}
