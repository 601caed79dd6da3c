/** The least that DBOS can do: a workflow without a single step. What it reaches bounds every lifecycle. */
import { DBOS } from "@dbos-inc/dbos-sdk";
import type { StartWorker } from "../../../session/contract.ts";
import {
  applicationName,
  logger,
  openSystemDatabase,
  prepare,
  queueOf,
  workflowName,
} from "../../connection.ts";
import { schema } from "../../executor-table.ts";

const defaultLeaseMs = 30_000;

export const startWorker: StartWorker = async (settings) => {
  const queue = queueOf(settings);
  const database = openSystemDatabase(settings.store, settings.leaseMs ?? defaultLeaseMs);
  await prepare(database, queue, schema);
  DBOS.registerWorkflow(async () => null, { name: workflowName });
  DBOS.setConfig({
    ...database,
    name: applicationName,
    applicationVersion: "1",
    executorID: settings.incarnation,
    listenQueues: [queue],
    runMigrations: false,
    useListenNotify: false,
    logger,
  });
  await DBOS.launch();
  return {
    async stop() {
      await DBOS.shutdown();
      await database.systemDatabasePool.end();
    },
  };
};
