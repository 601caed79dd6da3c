/**
 * The whole lifecycle of a user session as one durable function. Each `ctx.run` is a checkpoint: after a
 * crash another worker runs the function again from its top, and a step that has a recorded result is not
 * executed but answered. The session's state is what the local variables hold.
 */
import { Constant, type Context } from "@resonatehq/sdk";
import * as operations from "../session/operations.ts";
import type { SessionResult, SessionSpec } from "../session/spec.ts";
import type { World } from "../session/world.ts";

export function* session(ctx: Context, spec: SessionSpec): Generator<unknown, SessionResult, never> {
  const { sessionId, userId, activities, idleTimeoutMs } = spec;
  const retry = ctx.options({ retryPolicy: new Constant({ delay: retryDelayMs(ctx) }) });

  const { jti, loginAt } = yield* ctx.run(login, spec, retry);
  for (const index of activities.keys()) {
    yield* ctx.run(recordActivity, spec, index, retry);
  }
  const { idleAt } = yield* ctx.run(markIdle, spec, retry);

  // From the recorded idleAt, not from now: a crash before the timer exists must not restart the window.
  yield* ctx.sleep({ until: new Date(idleAt + idleTimeoutMs) });

  const { expiredAt } = yield* ctx.run(expire, spec, retry);
  const { cleanedAt } = yield* ctx.run(cleanup, spec, jti, retry);

  const activitiesRecorded = activities.length;
  return { sessionId, userId, finalStatus: "cleaned_up", activitiesRecorded, loginAt, expiredAt, cleanedAt };
}

// The steps. `step.id` is the same in every attempt, which makes it the idempotency key.
const login = (step: Context, spec: SessionSpec) => operations.login(world(step), spec, step.id);
const recordActivity = (step: Context, spec: SessionSpec, index: number) =>
  operations.recordActivity(world(step), spec, index, step.id);
const markIdle = (step: Context, spec: SessionSpec) => operations.markIdle(world(step), spec, step.id);
const expire = (step: Context, spec: SessionSpec) => operations.expire(world(step), spec, step.id);
const cleanup = (step: Context, spec: SessionSpec, jti: string) =>
  operations.cleanup(world(step), spec, jti, step.id);

// Set by worker.ts before it registers the function, hence never undefined.
const world = (ctx: Context) => ctx.getDependency<World>("world") as World;
const retryDelayMs = (ctx: Context) => ctx.getDependency<number>("retryDelayMs") as number;
