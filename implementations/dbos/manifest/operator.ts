/** What an operator does with DBOS's client. */
import { DBOSClient } from "@dbos-inc/dbos-sdk";
import type { StoreAddress } from "../../session/contract.ts";
import { logger, openSystemDatabase, queueOf, workflowIdOf } from "../connection.ts";

const answerMs = 5_000;

/** Cancels the workflow of a session. */
export async function cancel(store: StoreAddress, group: string, sessionId: string): Promise<void> {
  const database = openSystemDatabase(store, answerMs);
  const client = await DBOSClient.create({ ...database, logger });
  await client.cancelWorkflow(workflowIdOf(queueOf({ store, group }), sessionId));
  await client.destroy();
  await database.systemDatabasePool.end();
}
