/** Starts lifecycles by putting workflows into the queue, and waits for their results. The id lets one in. */
// concern: wiring
import { setTimeout as delay } from "node:timers/promises";
import { DBOSClient } from "@dbos-inc/dbos-sdk";
import type { ConnectClient } from "../session/contract.ts";
import { type SessionResult, sessionSpecSchema } from "../session/spec.ts";
import {
  applicationName,
  logger,
  openSystemDatabase,
  prepare,
  queueOf,
  workflowIdOf,
  workflowName,
} from "./connection.ts";
import { schema } from "./executor-table.ts";

/** A client holds nothing; so long it waits for an answer before it asks again. */
const answerMs = 5_000;
/** Nobody gives notice of an end; DBOS looks once a second for each result, unless it is told otherwise. */
const pollMs = 50;
/** A look at many results takes time: looks take so much of it, but for a store that does not answer for long. */
const mostOfTime = 0.1;
const longestPollMs = 1_000;
const ends = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"] as const;

export const connectClient: ConnectClient = async (deployment) => {
  const database = openSystemDatabase(deployment.store, answerMs);
  const queue = queueOf(deployment);
  await prepare(database, queue, schema);
  const client = await DBOSClient.create({
    ...database,
    applicationName,
    logger,
    observabilityQueryTimeoutMs: 0, // the connection has one, and a look is one statement in place of four
  });
  // concern: result delivery
  const waiting = new Map<string, PromiseWithResolvers<SessionResult>>();
  let isClosed = false;
  let looking: Promise<void> | null = null;

  /** Looks for the results of all who wait, for as long as somebody does. */
  async function look(): Promise<void> {
    while (waiting.size > 0 && !isClosed) {
      const askedAt = performance.now();
      const filter = { workflowIDs: [...waiting.keys()], status: [...ends], loadInput: false };
      for (const { workflowID, status, output, error } of await client
        .listWorkflows(filter)
        .catch(() => [])) {
        if (status === "SUCCESS") waiting.get(workflowID)?.resolve(output as SessionResult);
        else waiting.get(workflowID)?.reject(error ?? new Error(`the session's workflow is ${status}`));
        waiting.delete(workflowID);
      }
      const pauseMs = Math.max(pollMs, (performance.now() - askedAt) / mostOfTime);
      await delay(Math.min(pauseMs, longestPollMs));
    }
    looking = null;
  }

  function resultOf(id: string): Promise<SessionResult> {
    const result = waiting.get(id) ?? Promise.withResolvers<SessionResult>();
    waiting.set(id, result);
    looking ??= look();
    return result.promise;
  }

  // concern: wiring
  return {
    async start(spec) {
      sessionSpecSchema.parse(spec);
      const workflowID = workflowIdOf(queue, spec.sessionId);
      await client.enqueue({ workflowName, queueName: queue, workflowID }, spec);
      return { result: () => resultOf(workflowID) };
    },
    async close() {
      isClosed = true;
      await looking;
      await client.destroy();
      await database.systemDatabasePool.end();
    },
  };
};
