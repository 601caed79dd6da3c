/**
 * The whole lifecycle of a user session as a workflow: Restate runs it once for each key, keeps what each step returned in the
 * invocation's journal, and calls the handler again, with the journal, wherever the last call of it ended early.
 */
// concern: lifecycle
import { RetryableError, type WorkflowContext, workflow } from "@restatedev/restate-sdk";
import { cleanup, expire, login, markIdle, recordActivity } from "../session/operations.ts";
import type { SessionResult, SessionSpec } from "../session/spec.ts";
import { recordStep, type Step } from "../session/steps.ts";
import type { World } from "../session/world.ts";
import { attempts } from "./attempt.ts";
import { workflowName } from "./names.ts";

/** Stands in the address of the deployment: a session ends on the one that it began on, whatever is deployed since. */
export const version = 1;

// concern: retry and recovery
/** How soon the handler is called again where its call was cut off, ms: twice as late each time, up to the most. */
const callAgainMs = 50;
const callAgainAtMostMs = 500;

interface Surroundings {
  readonly group: string;
  readonly prefix: string | undefined;
  readonly world: World;
  /** Constant delay between a step's failure and its retry, ms. */
  readonly retryDelayMs: number;
}

/** The workflow of a group. */
export function sessionWorkflow({ group, prefix, world, retryDelayMs }: Surroundings) {
  const retries = {
    initialRetryInterval: retryDelayMs,
    maxRetryInterval: retryDelayMs,
    retryIntervalFactor: 1,
  };

  /** Runs a step unless the journal has its result. */
  function step<T>(ctx: WorkflowContext, name: Step, play: (key: string) => Promise<T>): Promise<T> {
    const attempt = attempts.getStore();
    // concern: idempotency
    const key = `${ctx.key}|${name}`; // the same at every retry; unambiguous, since no step's name contains a `|`
    // concern: retry and recovery
    const playIfWanted = async () => {
      if (attempt?.isLeaving) throw new RetryableError("the worker is leaving", { retryAfter: callAgainMs });
      await attempt?.ensureWanted();
      return play(key);
    };
    return ctx.run(name, playIfWanted, retries);
  }

  // concern: lifecycle
  async function run(ctx: WorkflowContext, spec: SessionSpec): Promise<SessionResult> {
    const { sessionId, userId, activities, idleTimeoutMs } = spec;

    const { jti, loginAt, ...issued } = await step(ctx, "login", (key) => login(world, spec, key));
    let { receipt } = issued;
    for (const index of activities.keys()) {
      const recorded = await step(ctx, recordStep(index), (key) =>
        recordActivity(world, spec, index, key, null, receipt),
      );
      receipt = recorded.receipt;
    }
    const idle = await step(ctx, "mark-idle", (key) => markIdle(world, spec, key, null, receipt));

    // concern: timer
    // What is journaled is when the sleep ends, by the clock that is asked here: it drops out of the sum. `ctx.date.now()` is journaled
    // itself, so that a crash between the two would begin the window anew.
    await ctx.sleep(Math.max(0, idle.idleAt + idleTimeoutMs - Date.now()), "idle");

    // concern: lifecycle
    const expired = await step(ctx, "expire", (key) => expire(world, spec, key, null, idle.receipt));
    const { cleanedAt } = await step(ctx, "cleanup", (key) =>
      cleanup(world, spec, jti, key, null, expired.receipt),
    );
    const { expiredAt } = expired;
    const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
    return { sessionId, userId, finalStatus: "cleaned_up", ...outcome };
  }

  return workflow({
    name: workflowName(group, prefix),
    handlers: { run },
    options: {
      // concern: retry and recovery
      retryPolicy: {
        initialInterval: callAgainMs,
        maxInterval: callAgainAtMostMs,
        exponentiationFactor: 2,
        maxAttempts: Number.MAX_SAFE_INTEGER, // by default a session is paused after 70, and an operator has to resume it
      },
      // concern: timer
      inactivityTimeout: { seconds: 1 }, // a session that waits lets go of its connection and of this process; by default after a minute
      // concern: result delivery
      workflowRetention: { days: 30 }, // who starts the session again later runs it again
      journalRetention: 0, // for debugging; a result is kept without
    },
  });
}
