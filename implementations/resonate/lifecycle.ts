/**
 * The whole lifecycle of a user session as one durable function. Each `ctx.run` is a checkpoint: after a
 * crash another worker runs the function again from its top, and a step that has a recorded result is not
 * executed but answered. The session's state is what the local variables hold.
 */
// concern: lifecycle
import { Constant, type Context } from "@resonatehq/sdk";
import * as operations from "../session/operations.ts";
import type { SessionResult, SessionSpec } from "../session/spec.ts";
import { recordStep, type Step } from "../session/steps.ts";
import type { Receipt, World } from "../session/world.ts";

export function* session(ctx: Context, spec: SessionSpec): Generator<unknown, SessionResult, never> {
  const { sessionId, userId, activities, idleTimeoutMs } = spec;
  const options = ctx.options({
    retryPolicy: new Constant({ delay: retryDelayMs(ctx) }),
    timeout: boundMs,
  });

  const issued = yield* ctx.run(login, spec, options);
  let { receipt } = issued;
  for (const index of activities.keys()) {
    ({ receipt } = yield* ctx.run(recordActivity, spec, index, receipt, options));
  }
  const idle = yield* ctx.run(markIdle, spec, receipt, options);

  // concern: timer
  // From the recorded idleAt, not from now: a crash before the timer exists must not restart the window.
  yield* ctx.sleep({ until: new Date(idle.idleAt + idleTimeoutMs) });

  // concern: lifecycle
  const expired = yield* ctx.run(expire, spec, idle.receipt, options);
  const { cleanedAt } = yield* ctx.run(cleanup, spec, issued.jti, expired.receipt, options);

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

/**
 * Ten years, for the whole and for each step. The default of 24 h gives up on a session whose service, store or workers are
 * away for that long: it is then rejected, and its token is never revoked. (`Infinity` does not survive JSON.)
 */
export const boundMs = 10 * 365 * 24 * 60 * 60 * 1000;

/** Sessions that sleep go on with the function that they began with: whoever changes it registers it under another version too. */
export const version = 1;

// concern: idempotency
/**
 * The idempotency key of a step: of the session and what is done for it. `step.id` would stay the same across retries too, but
 * is a position: in a version with one step more, another step would carry this one's key.
 */
const key = ({ sessionId }: SessionSpec, step: Step) => `${sessionId}|${step}`;

// concern: lifecycle
// The steps.
const login = (ctx: Context, spec: SessionSpec) => operations.login(world(ctx), spec, key(spec, "login"));
const recordActivity = (ctx: Context, spec: SessionSpec, index: number, after: Receipt) =>
  operations.recordActivity(world(ctx), spec, index, key(spec, recordStep(index)), null, after);
const markIdle = (ctx: Context, spec: SessionSpec, after: Receipt) =>
  operations.markIdle(world(ctx), spec, key(spec, "mark-idle"), null, after);
const expire = (ctx: Context, spec: SessionSpec, after: Receipt) =>
  operations.expire(world(ctx), spec, key(spec, "expire"), null, after);
const cleanup = (ctx: Context, spec: SessionSpec, jti: string, after: Receipt) =>
  operations.cleanup(world(ctx), spec, jti, key(spec, "cleanup"), null, after);

// Set by worker.ts before it registers the function, hence never undefined.
const world = (ctx: Context) => ctx.getDependency<World>("world") as World;
const retryDelayMs = (ctx: Context) => ctx.getDependency<number>("retryDelayMs") as number;
