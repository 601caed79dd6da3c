/**
 * The whole lifecycle of a user session, from the step after the last that its row knows to its wait or its end. A step is done in
 * this order: effect, then row. A crash between the two runs the step again, and its key makes that harmless.
 */

import { cleanup, expire, login, markIdle, recordActivity } from "../session/operations.ts";
import type { SessionResult } from "../session/spec.ts";
import { recordIndex, type Step, stepsOf } from "../session/steps.ts";
import type { World } from "../session/world.ts";
import { untilAnswered } from "./connection.ts";
import type { Hold, SessionTable, State } from "./session-table.ts";

/** Runs a session that this worker holds until it lets go of it; or, when the worker is told to stop, to the end of a step. */
export async function runSession(world: World, table: SessionTable, hold: Hold, stopping: AbortSignal) {
  const { spec, fence, done } = hold;
  const { sessionId, userId, activities, idleTimeoutMs } = spec;
  const steps = stepsOf(activities.length);
  let state: State | SessionResult = hold.state;
  let until: number | null | undefined; // when the session is to be gone on with: at once, where it is undefined

  for (const step of steps.slice(steps.indexOf(done as Step) + 1)) {
    if (stopping.aborted) return;
    // Whoever stood still, or waited long for an answer, asks before the next step.
    if (performance.now() >= hold.heldUntil) await table.renew([hold]);
    if (performance.now() >= hold.heldUntil) throw new Error("its lease is gone");
    const key = `${sessionId}|${step}`; // of nothing that a retry changes; unambiguous, since no step's name contains a `|`
    switch (step) {
      case "login":
        state = await login(world, spec, key, fence);
        break;
      case "mark-idle": // counted from then and not from now: a crash before the row is written must not restart the window
        until = (await markIdle(world, spec, key, fence)).idleAt + idleTimeoutMs;
        break;
      case "expire":
        state = { ...state, ...(await expire(world, spec, key, fence)) }; // it has idled: else it were not due, and not ours
        break;
      case "cleanup": {
        const { jti, ...times } = state as Required<State>; // complete: all steps before have been marked
        const { cleanedAt } = await cleanup(world, spec, jti, key, fence);
        const outcome = { finalStatus: "cleaned_up", activitiesRecorded: activities.length } as const;
        state = { sessionId, userId, ...outcome, ...times, cleanedAt };
        until = null; // never again
        break;
      }
      default:
        await recordActivity(world, spec, recordIndex(step), key, fence);
    }
    const isOurs = await untilAnswered(() => table.mark(hold, step, state, until), stopping); // what a step has brought is not thrown away
    if (until !== undefined) return;
    if (!isOurs) throw new Error("it is in other hands");
  }
}
