/**
 * The session as Resonate's documentation has one write it: a step is a `ctx.run`, the wait a `ctx.sleep`, and each call to a
 * service carries an idempotency key (https://docs.resonatehq.io/develop/constraints). What that loses when processes die is
 * why `../lifecycle.ts` says more.
 */
// concern: lifecycle
import type { Context } from "@resonatehq/sdk";
import * as operations from "../../session/operations.ts";
import type { SessionResult, SessionSpec } from "../../session/spec.ts";
import type { World } from "../../session/world.ts";

export function* session(ctx: Context, spec: SessionSpec): Generator<unknown, SessionResult, never> {
  const { sessionId, userId, activities, idleTimeoutMs } = spec;

  const { jti, loginAt } = yield* ctx.run(login, spec);
  for (const index of activities.keys()) yield* ctx.run(recordActivity, spec, index);
  yield* ctx.run(markIdle, spec);

  // concern: timer
  yield* ctx.sleep(idleTimeoutMs);

  // concern: lifecycle
  const { expiredAt } = yield* ctx.run(expire, spec);
  const { cleanedAt } = yield* ctx.run(cleanup, spec, jti);

  const activitiesRecorded = activities.length;
  return { sessionId, userId, finalStatus: "cleaned_up", activitiesRecorded, loginAt, expiredAt, cleanedAt };
}

const login = (ctx: Context, spec: SessionSpec) =>
  operations.login(world(ctx), spec, `login-${spec.sessionId}`);
const recordActivity = (ctx: Context, spec: SessionSpec, index: number) =>
  operations.recordActivity(world(ctx), spec, index, `activity-${index}-${spec.sessionId}`);
const markIdle = (ctx: Context, spec: SessionSpec) =>
  operations.markIdle(world(ctx), spec, `idle-${spec.sessionId}`);
const expire = (ctx: Context, spec: SessionSpec) =>
  operations.expire(world(ctx), spec, `expire-${spec.sessionId}`);
const cleanup = (ctx: Context, spec: SessionSpec, jti: string) =>
  operations.cleanup(world(ctx), spec, jti, `cleanup-${spec.sessionId}`);

const world = (ctx: Context) => ctx.getDependency<World>("world") as World; // set by worker.ts
