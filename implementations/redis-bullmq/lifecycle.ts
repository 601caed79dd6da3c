/**
 * The whole lifecycle of a user session as a BullMQ step job. Each time the job starts, after a crash, a
 * failure or the idle wait, it reads the row and goes on at the step that the row names. A step is done in
 * this order: effect, then row. A crash between the two runs the step again, and its key makes that harmless.
 */
import type { Processor } from "bullmq";
import { cleanup, expire, login, markIdle, recordActivity } from "../session/operations.ts";
import type { SessionResult, SessionSpec } from "../session/spec.ts";
import { recordIndex, recordStep } from "../session/steps.ts";
import type { World } from "../session/world.ts";
import { idempotencyKey } from "./idempotency.ts";
import { waitUntil } from "./idle-timer.ts";
import type { Progress, RowChange, SessionRows } from "./session-row.ts";

export function sessionProcessor(world: World, rows: SessionRows): Processor<SessionSpec, SessionResult> {
  return async (job, token, signal) => {
    const fence = job.attemptsStarted; // grows with every start of the job: the newest start owns the session
    let row = await rows.claim(job.data, fence);
    const { spec } = row;
    const { sessionId, userId, activities, idleTimeoutMs } = spec;
    const afterRecords = (index: number) => (index < activities.length ? recordStep(index) : "mark-idle");
    const advance = async (next: Progress, change?: RowChange) => {
      row = await rows.advance(row, fence, next, change);
    };

    while (row.result === null) {
      signal?.throwIfAborted(); // the lock was lost: whatever comes next belongs to another worker
      const { step } = row;
      if (step === "done") throw new Error(`the row of session ${sessionId} is done but holds no result`);
      const key = idempotencyKey(sessionId, step);
      switch (step) {
        case "login": {
          const { jti, loginAt } = await login(world, spec, key, fence);
          await advance(afterRecords(0), { jti, loginAt });
          break;
        }
        case "mark-idle": {
          const { idleAt } = await markIdle(world, spec, key, fence);
          await advance("expire", { expireAt: idleAt + idleTimeoutMs });
          break;
        }
        case "expire": {
          await waitUntil(row.expireAt, await rows.now(), job, token);
          const { expiredAt } = await expire(world, spec, key, fence);
          await advance("cleanup", { expiredAt });
          break;
        }
        case "cleanup": {
          const { cleanedAt } = await cleanup(world, spec, row.jti, key, fence);
          const { loginAt, expiredAt } = row;
          const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
          row = await rows.finish(row, fence, { sessionId, userId, finalStatus: "cleaned_up", ...outcome });
          break;
        }
        default: {
          const index = recordIndex(step);
          await recordActivity(world, spec, index, key, fence);
          await advance(afterRecords(index + 1));
        }
      }
    }
    return row.result;
  };
}
