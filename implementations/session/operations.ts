/**
 * The bodies of the steps, shared by all implementations: what a session does to the outside world,
 * and nothing of what makes it survive a crash. Each call is handed its idempotency key; a step with
 * several effects extends the key by the effect's name. A call may be handed a fencing number too: one that grows
 * whenever another worker takes the session over, so that a service can tell a worker that was believed dead. And the
 * receipt of the step before, by which the world can tell whether a step goes on from what that very step recorded.
 */
// concern: operations
import { setTimeout as delay } from "node:timers/promises";
import { SignJWT } from "jose/jwt/sign";
import type { SessionSpec } from "./spec.ts";
import { recordStep, type Step } from "./steps.ts";
import type { Execution, Receipt, World } from "./world.ts";

/** A service failed because the plan ordered it to; the engine is expected to retry the step. */
class OrderedFailure extends Error {
  override readonly name = "OrderedFailure";
}

/** Issues a token and caches it. Times are ms on the world's clock. */
export function login(
  world: World,
  spec: SessionSpec,
  key: string,
  // counts where used: fence
  fence: number | null = null,
  after: Receipt | null = null,
): Promise<{ jti: string; loginAt: number; receipt: Receipt }> {
  return perform(world, spec, "login", { fence, after }, async (execution) => {
    const { sessionId, userId } = spec;
    const issued = await world.apply(execution, "issue-token", `${key}/issue-token`, { userId });
    const jti = issued.jti ?? "";
    const token = await new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(userId)
      .setJti(jti)
      .setIssuedAt(Math.floor(issued.at / 1000))
      .sign(world.tokenKey);
    const { receipt } = await world.apply(execution, "set-cache", `${key}/set-cache`, { userId, jti }, token);
    return { jti, loginAt: issued.at, receipt };
  });
}

/** Appends the activity at `index`. */
export function recordActivity(
  world: World,
  spec: SessionSpec,
  index: number,
  key: string,
  // counts where used: fence
  fence: number | null = null,
  after: Receipt | null = null,
): Promise<{ recordedAt: number; receipt: Receipt }> {
  return perform(world, spec, recordStep(index), { fence, after }, async (execution) => {
    const activity = spec.activities[index];
    if (activity === undefined) throw new RangeError(`session ${spec.sessionId} has no activity ${index}`);
    const { at, receipt } = await world.apply(execution, "append-activity", key, {
      userId: spec.userId,
      index,
      activity,
    });
    return { recordedAt: at, receipt };
  });
}

/** Sets the status to idle; its time starts the idle window. */
export function markIdle(
  world: World,
  spec: SessionSpec,
  key: string,
  // counts where used: fence
  fence: number | null = null,
  after: Receipt | null = null,
): Promise<{ idleAt: number; receipt: Receipt }> {
  return perform(world, spec, "mark-idle", { fence, after }, async (execution) => {
    const { at, receipt } = await world.apply(execution, "set-idle", key, { userId: spec.userId });
    return { idleAt: at, receipt };
  });
}

/** Tells the user. No published lifecycle has this step: the experiment `upgrade` adds it. */
// counts where used: notify
export function notify(
  world: World,
  spec: SessionSpec,
  key: string,
  fence: number | null = null,
  after: Receipt | null = null,
): Promise<{ notifiedAt: number; receipt: Receipt }> {
  return perform(world, spec, "notify", { fence, after }, async (execution) => {
    const { at, receipt } = await world.apply(execution, "send-notice", key, { userId: spec.userId });
    return { notifiedAt: at, receipt };
  });
}

/** Sets the status to expired. */
export function expire(
  world: World,
  spec: SessionSpec,
  key: string,
  // counts where used: fence
  fence: number | null = null,
  after: Receipt | null = null,
): Promise<{ expiredAt: number; receipt: Receipt }> {
  return perform(world, spec, "expire", { fence, after }, async (execution) => {
    const { at, receipt } = await world.apply(execution, "set-expired", key, { userId: spec.userId });
    return { expiredAt: at, receipt };
  });
}

/** Revokes the token `jti`, clears the cache entry and writes the audit row, in this order. */
export function cleanup(
  world: World,
  spec: SessionSpec,
  jti: string,
  key: string,
  // counts where used: fence
  fence: number | null = null,
  after: Receipt | null = null,
): Promise<{ cleanedAt: number; receipt: Receipt }> {
  return perform(world, spec, "cleanup", { fence, after }, async (execution) => {
    const { userId } = spec;
    await world.apply(execution, "revoke-token", `${key}/revoke-token`, { userId, jti });
    await world.apply(execution, "clear-cache", `${key}/clear-cache`, { userId });
    const { at, receipt } = await world.apply(execution, "write-audit", `${key}/write-audit`, {
      userId,
      jti,
    });
    return { cleanedAt: at, receipt };
  });
}

/** Opens an execution of `step`, takes the time that its services take, obeys its order, and lets `effects` happen. */
async function perform<T>(
  world: World,
  spec: SessionSpec,
  step: Step,
  { fence, after }: { readonly fence: number | null; readonly after: Receipt | null },
  effects: (execution: Execution) => Promise<T>,
): Promise<T> {
  const execution = await inTime(world.begin(spec.sessionId, step, fence, after));
  const { order, workBeforeMs, workAfterMs } = execution;
  const ordered = (when: "before" | "after") => {
    if (order?.kind === "throw" && order.when === when) {
      throw new OrderedFailure(`${step} of ${spec.sessionId} was ordered to fail ${when} its effect`);
    }
  };
  await pause(workBeforeMs + (order?.kind === "slow" ? order.delayMs : 0));
  ordered("before");
  const result = await inTime(effects(execution));
  await pause(workAfterMs);
  ordered("after");
  return result;
}

/** How long a service may take to answer, ms: a step that waited for ever would hold its session for ever. */
const longestCallMs = 30_000;

/** Rejects where the answer takes too long. The call may have been carried out all the same, and its key makes the retry harmless. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const tooLate = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => tooLate.reject(new Error(`no answer within ${longestCallMs} ms`)),
    longestCallMs,
  );
  try {
    return await Promise.race([answer, tooLate.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number): Promise<void> {
  return ms > 0 ? delay(ms) : Promise.resolve();
}
