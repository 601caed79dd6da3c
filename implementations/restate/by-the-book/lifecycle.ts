/**
 * The session as Restate's documentation has one write it: a workflow whose steps are `ctx.run`, whose wait is `ctx.sleep`, and each call
 * to a service carries an idempotency key that `ctx.rand` draws (https://docs.restate.dev/develop/ts/journaling-results). What that
 * loses when processes die is why `../lifecycle.ts` says more.
 */
// concern: lifecycle
import { type WorkflowContext, workflow } from "@restatedev/restate-sdk";
import { cleanup, expire, login, markIdle, recordActivity } from "../../session/operations.ts";
import type { SessionResult, SessionSpec } from "../../session/spec.ts";
import type { World } from "../../session/world.ts";

export function sessionWorkflow(name: string, world: World) {
  async function run(ctx: WorkflowContext, spec: SessionSpec): Promise<SessionResult> {
    const { sessionId, userId, activities, idleTimeoutMs } = spec;

    const loginKey = ctx.rand.uuidv4();
    const issued = await ctx.run("login", () => login(world, spec, loginKey));
    let { receipt } = issued;
    for (const index of activities.keys()) {
      const key = ctx.rand.uuidv4();
      const recorded = await ctx.run(`record ${index}`, () =>
        recordActivity(world, spec, index, key, null, receipt),
      );
      receipt = recorded.receipt;
    }
    const idleKey = ctx.rand.uuidv4();
    const idle = await ctx.run("mark idle", () => markIdle(world, spec, idleKey, null, receipt));

    // concern: timer
    await ctx.sleep(idleTimeoutMs);

    // concern: lifecycle
    const expireKey = ctx.rand.uuidv4();
    const expired = await ctx.run("expire", () => expire(world, spec, expireKey, null, idle.receipt));
    const cleanupKey = ctx.rand.uuidv4();
    const { cleanedAt } = await ctx.run("cleanup", () =>
      cleanup(world, spec, issued.jti, cleanupKey, null, expired.receipt),
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
  return workflow({ name, handlers: { run } });
}
