/**
 * The whole lifecycle of a user session as one durable workflow. Each step is a checkpoint: after a crash another worker runs the
 * function again from its top, and a step that has a recorded result is not executed but answered. The session's state is what
 * the local variables hold.
 */
// concern: lifecycle
import { cleanup, expire, login, markIdle, recordActivity } from "../session/operations.ts";
import type { SessionResult, SessionSpec } from "../session/spec.ts";
import { recordStep, type Step } from "../session/steps.ts";
import type { World } from "../session/world.ts";
import type { Execution } from "./executions.ts";

export async function runSession(
  world: World,
  execution: Execution,
  spec: SessionSpec,
): Promise<SessionResult> {
  const { sessionId, userId, activities, idleTimeoutMs } = spec;
  // concern: idempotency
  /** The key is the same at every retry, and unambiguous, since no step's name contains a `|`. */
  const step = <T>(name: Step, play: (key: string) => Promise<T>) =>
    execution.step(name, () => play(`${sessionId}|${name}`));

  // concern: lifecycle
  const issued = await step("login", (key) => login(world, spec, key));
  let { receipt } = issued;
  for (const index of activities.keys()) {
    ({ receipt } = await step(recordStep(index), (key) =>
      recordActivity(world, spec, index, key, null, receipt),
    ));
  }
  const idle = await step("mark-idle", (key) => markIdle(world, spec, key, null, receipt));

  // concern: timer
  // From the recorded idleAt, not from now: a crash before the sleep is recorded must not restart the window. By the plain clock: a
  // recorded one would say, after a crash, what it said before.
  await execution.sleep(Math.max(0, idle.idleAt + idleTimeoutMs - Date.now()));

  // concern: lifecycle
  const expired = await step("expire", (key) => expire(world, spec, key, null, idle.receipt));
  const { cleanedAt } = await step("cleanup", (key) =>
    cleanup(world, spec, issued.jti, key, null, expired.receipt),
  );

  return {
    sessionId,
    userId,
    finalStatus: "cleaned_up",
    activitiesRecorded: activities.length,
    loginAt: issued.loginAt,
    expiredAt: expired.expiredAt,
    cleanedAt,
  };
}
