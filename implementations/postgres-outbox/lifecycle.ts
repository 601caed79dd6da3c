/**
 * The whole lifecycle of a user session, from the step that its row names to its wait or its end. A step is done in this
 * order: effect, then row. A crash between the two runs the step again, and its key makes that harmless.
 */
import type { World } from "../../harness/world/world.ts";
import { cleanup, expire, login, markIdle, recordActivity } from "../session/operations.ts";
import { recordStep, type Step } from "../session/steps.ts";
import { untilAnswered } from "./connection.ts";
import { idempotencyKey } from "./idempotency.ts";
import { FencedError, type Hold, type SessionTable, type State } from "./session-table.ts";

/** Runs a session that this worker holds until it lets go of it. `isStopping` makes it do so before the next step. */
export async function runSession(
  world: World,
  table: SessionTable,
  hold: Hold,
  isStopping: () => boolean,
): Promise<void> {
  const { spec, fence } = hold;
  const { sessionId, userId, activities, idleTimeoutMs } = spec;
  let { step, state } = hold;
  const store = (write: () => Promise<void>) => untilAnswered(write, () => !isStopping());
  const advance = async (next: Step, change: Partial<State> = {}) => {
    state = { ...state, ...change };
    await store(() => table.advance(hold, next, state));
    step = next;
  };
  const afterRecords = (index: number) => (index < activities.length ? recordStep(index) : "mark-idle");

  for (;;) {
    if (isStopping()) return table.putOff(hold, 0);
    await assertHeld(table, hold);
    const key = idempotencyKey(sessionId, step);
    switch (step) {
      case "login": {
        await advance(afterRecords(0), await login(world, spec, key, fence));
        break;
      }
      case "mark-idle": {
        const { idleAt } = await markIdle(world, spec, key, fence);
        // From the recorded idleAt, not from now: a crash before the row is written must not restart the window.
        return store(() => table.wait(hold, "expire", state, idleAt + idleTimeoutMs));
      }
      case "expire": {
        await advance("cleanup", await expire(world, spec, key, fence)); // it was due, or nobody would hold it
        break;
      }
      case "cleanup": {
        const { jti, loginAt, expiredAt } = state as State; // complete: the steps before have all been marked
        const { cleanedAt } = await cleanup(world, spec, jti, key, fence);
        const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
        return store(() => table.finish(hold, { sessionId, userId, finalStatus: "cleaned_up", ...outcome }));
      }
      default: {
        const index = Number(step.slice("record:".length));
        await recordActivity(world, spec, index, key, fence);
        await advance(afterRecords(index + 1));
      }
    }
  }
}

/** A worker that stood still, or whose answers did, asks before it begins another step. @throws FencedError where the lease is gone. */
async function assertHeld(table: SessionTable, hold: Hold): Promise<void> {
  if (performance.now() >= hold.heldUntil) await table.renew([hold]);
  if (performance.now() >= hold.heldUntil)
    throw new FencedError(`the lease of ${hold.spec.sessionId} is gone`);
}
