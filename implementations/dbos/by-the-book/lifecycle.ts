/**
 * The session as DBOS's documentation has one write it: a workflow of steps, and a durable sleep
 * (https://docs.dbos.dev/typescript/tutorials/workflow-tutorial, https://docs.dbos.dev/typescript/tutorials/step-tutorial). The keys are
 * not on those pages, which ask for steps that may run twice. What is lost when processes die is why `../` says more.
 */
// concern: lifecycle
import { DBOS } from "@dbos-inc/dbos-sdk";
import { cleanup, expire, login, markIdle, recordActivity } from "../../session/operations.ts";
import type { SessionResult, SessionSpec } from "../../session/spec.ts";
import type { World } from "../../session/world.ts";

export function sessionWorkflow(world: World) {
  return async (spec: SessionSpec): Promise<SessionResult> => {
    const { sessionId, userId, activities, idleTimeoutMs } = spec;
    const issued = await DBOS.runStep(() => login(world, spec, `login-${sessionId}`), {
      name: "login",
      ...retries,
    });
    let { receipt } = issued;
    for (const index of activities.keys()) {
      const key = `activity-${index}-${sessionId}`;
      const record = () => recordActivity(world, spec, index, key, null, receipt);
      ({ receipt } = await DBOS.runStep(record, { name: "recordActivity", ...retries }));
    }
    const idle = await DBOS.runStep(() => markIdle(world, spec, `idle-${sessionId}`, null, receipt), {
      name: "markIdle",
      ...retries,
    });

    // concern: timer
    await DBOS.sleep(idleTimeoutMs);

    // concern: lifecycle
    const expired = await DBOS.runStep(() => expire(world, spec, `expire-${sessionId}`, null, idle.receipt), {
      name: "expire",
      ...retries,
    });
    const { cleanedAt } = await DBOS.runStep(
      () => cleanup(world, spec, issued.jti, `cleanup-${sessionId}`, null, expired.receipt),
      { name: "cleanup", ...retries },
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
  };
}

// concern: retry and recovery
/** The tutorial's own numbers; the pause of a second doubles each time. */
const retries = { retriesAllowed: true, maxAttempts: 10 };
