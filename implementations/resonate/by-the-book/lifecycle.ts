/**
 * The session as Resonate's documentation has one write it: a step is a `ctx.run`, the wait a `ctx.sleep`, and each call to a
 * service carries an idempotency key (https://docs.resonatehq.io/develop/constraints). What that loses when processes die is
 * why `../lifecycle.ts` says more.
 */
// concern: lifecycle
import type { Context } from "@resonatehq/sdk";
import * as operations from "../../session/operations.ts";
import type { SessionResult, SessionSpec } from "../../session/spec.ts";
import type { Receipt, World } from "../../session/world.ts";

export function* session(ctx: Context, spec: SessionSpec): Generator<unknown, SessionResult, never> {
  const { sessionId, userId, activities, idleTimeoutMs } = spec;

  const issued = yield* ctx.run(login, spec);
  let { receipt } = issued;
  for (const index of activities.keys()) {
    ({ receipt } = yield* ctx.run(recordActivity, spec, index, receipt));
  }
  const idle = yield* ctx.run(markIdle, spec, receipt);

  // concern: timer
  yield* ctx.sleep(idleTimeoutMs);

  // concern: lifecycle
  const expired = yield* ctx.run(expire, spec, idle.receipt);
  const { cleanedAt } = yield* ctx.run(cleanup, spec, issued.jti, expired.receipt);

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

const login = (ctx: Context, spec: SessionSpec) =>
  operations.login(world(ctx), spec, `login-${spec.sessionId}`);
const recordActivity = (ctx: Context, spec: SessionSpec, index: number, after: Receipt) =>
  operations.recordActivity(world(ctx), spec, index, `activity-${index}-${spec.sessionId}`, null, after);
const markIdle = (ctx: Context, spec: SessionSpec, after: Receipt) =>
  operations.markIdle(world(ctx), spec, `idle-${spec.sessionId}`, null, after);
const expire = (ctx: Context, spec: SessionSpec, after: Receipt) =>
  operations.expire(world(ctx), spec, `expire-${spec.sessionId}`, null, after);
const cleanup = (ctx: Context, spec: SessionSpec, jti: string, after: Receipt) =>
  operations.cleanup(world(ctx), spec, jti, `cleanup-${spec.sessionId}`, null, after);

const world = (ctx: Context) => ctx.getDependency<World>("world") as World; // set by worker.ts
