/**
 * The whole lifecycle of a user session, from the step after the last that its row knows to its wait or its end. A step is
 * done in this order: effect, then row. A crash between the two runs the step again, and its key makes that harmless.
 */
// concern: lifecycle
import { cleanup, expire, login, markIdle, recordActivity } from "../session/operations.ts";
import type { SessionResult } from "../session/spec.ts";
import { recordStep, type Step, stepsOf } from "../session/steps.ts";
import type { World } from "../session/world.ts";
import { untilAnswered } from "./connection.ts";
import type { Hold, SessionTable, State } from "./session-table.ts";

/**
 * Runs a session that this worker holds until it lets go of it: for its wait, or for good. Rejects with the reason of
 * `stopping` between two steps, once that is aborted, and with an error when a mark finds that the session was taken over.
 */
export async function runSession(
  world: World,
  table: SessionTable,
  hold: Hold,
  stopping: AbortSignal,
): Promise<void> {
  const { spec, fence } = hold;
  const { sessionId, userId, activities, idleTimeoutMs } = spec;
  const steps = stepsOf(activities.length);
  // concern: state store
  const left = hold.done === null ? steps : steps.slice(steps.indexOf(hold.done) + 1);
  let { state } = hold;

  /** Does a step that is not done yet. Resolves with true where it ran. */
  const step = async (name: Step, play: (key: string) => Promise<void>): Promise<boolean> => {
    if (!left.includes(name)) return false;
    stopping.throwIfAborted();
    await ensureHeld(table, hold);
    // concern: idempotency
    const key = `${sessionId}|${name}`; // the same at every retry; unambiguous, since no step's name contains a `|`
    // concern: state store
    await play(key);
    return true;
  };
  // What a step has brought is not thrown away because the store is away: the row is written when it is back.
  const mark = async (name: Step) => {
    const isOurs = await untilAnswered(() => table.mark(hold, name, state), stopping);
    if (!isOurs) throw new Error("the session was taken over");
  };
  const letGo = (name: Step, last: State | SessionResult, dueAt: number | null) =>
    untilAnswered(() => table.letGo(hold, name, last, dueAt), stopping);

  // concern: lifecycle
  await step("login", async (key) => {
    state = await login(world, spec, key, fence);
    await mark("login");
  });
  for (const index of activities.keys()) {
    await step(recordStep(index), async (key) => {
      const { receipt } = await recordActivity(world, spec, index, key, fence, state.receipt);
      state = { ...state, receipt };
      await mark(recordStep(index));
    });
  }
  const hasGoneIdle = await step("mark-idle", async (key) => {
    const { idleAt, receipt } = await markIdle(world, spec, key, fence, state.receipt);
    // concern: timer
    // From the recorded idleAt, not from now: a crash before the row is written must not restart the window.
    await letGo("mark-idle", { ...state, receipt }, idleAt + idleTimeoutMs);
  });

  if (hasGoneIdle) return; // whoever takes the session when its window is over goes on below

  // concern: lifecycle
  await step("expire", async (key) => {
    state = { ...state, ...(await expire(world, spec, key, fence, state.receipt)) };
    await mark("expire");
  });
  await step("cleanup", async (key) => {
    const { jti, receipt, loginAt, expiredAt } = state as Required<State>; // complete: all steps before have been marked
    const { cleanedAt } = await cleanup(world, spec, jti, key, fence, receipt);
    const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
    await letGo("cleanup", { sessionId, userId, finalStatus: "cleaned_up", ...outcome }, null);
  });
}

// concern: retry and recovery
/** Whoever stood still, or waited long for an answer, asks before the next step. @throws when the lease is gone. */
async function ensureHeld(table: SessionTable, hold: Hold): Promise<void> {
  if (performance.now() < hold.heldUntil) return;
  await table.renew([hold]);
  if (performance.now() >= hold.heldUntil) throw new Error("the lease has lapsed");
}
