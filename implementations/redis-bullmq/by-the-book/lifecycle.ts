/**
 * The session as BullMQ's documentation has one write it: a step job, whose data names the next step, and which moves itself to
 * the delayed jobs for the wait (https://docs.bullmq.io/patterns/process-step-jobs). The keys are not on that page, which asks for
 * jobs that may run twice; both engines have them. What is lost when processes die is why `../lifecycle.ts` says more.
 */
// concern: lifecycle
import { DelayedError, type Processor } from "bullmq";
import { cleanup, expire, login, markIdle, recordActivity } from "../../session/operations.ts";
import type { SessionResult, SessionSpec } from "../../session/spec.ts";
import type { Receipt, World } from "../../session/world.ts";

// concern: state store
/** All that is known of a session. */
export interface SessionJob {
  readonly spec: SessionSpec;
  readonly step: "login" | "record" | "mark-idle" | "expire" | "cleanup";
  readonly recorded: number;
  readonly jti: string;
  readonly receipt: Receipt | null;
  readonly loginAt: number;
  readonly expiredAt: number;
}

// concern: lifecycle
export function sessionProcessor(world: World): Processor<SessionJob, SessionResult> {
  return async (job, token, signal) => {
    const { spec } = job.data;
    const { sessionId, userId, activities, idleTimeoutMs } = spec;
    const advance = (change: Partial<SessionJob>) => job.updateData({ ...job.data, ...change });
    for (;;) {
      signal?.throwIfAborted();
      const { step, recorded, jti, receipt, loginAt, expiredAt } = job.data;
      switch (step) {
        case "login": {
          const issued = await login(world, spec, `login-${sessionId}`);
          await advance({ ...issued, step: "record" });
          break;
        }
        case "record": {
          if (recorded < activities.length) {
            const key = `activity-${recorded}-${sessionId}`;
            const done = await recordActivity(world, spec, recorded, key, null, receipt);
            await advance({ recorded: recorded + 1, receipt: done.receipt });
          } else await advance({ step: "mark-idle" });
          break;
        }
        case "mark-idle": {
          const idle = await markIdle(world, spec, `idle-${sessionId}`, null, receipt);
          // concern: timer
          await job.moveToDelayed(Date.now() + idleTimeoutMs, token);
          await advance({ step: "expire", receipt: idle.receipt });
          throw new DelayedError();
        }
        // concern: lifecycle
        case "expire": {
          const expired = await expire(world, spec, `expire-${sessionId}`, null, receipt);
          await advance({ ...expired, step: "cleanup" });
          break;
        }
        case "cleanup": {
          const { cleanedAt } = await cleanup(world, spec, jti, `cleanup-${sessionId}`, null, receipt);
          const activitiesRecorded = activities.length;
          const outcome = { activitiesRecorded, loginAt, expiredAt, cleanedAt };
          return { sessionId, userId, finalStatus: "cleaned_up", ...outcome };
        }
        default:
          throw new Error("invalid step");
      }
    }
  };
}
