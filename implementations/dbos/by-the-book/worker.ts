/**
 * A worker as the documentation has it: the workflow is registered, and DBOS launched. Each server has an executor id, and recovers at
 * its start what was its own (https://docs.dbos.dev/production/workflow-recovery); what else recovers it, Conductor, is
 * recommended for production, proprietary, and not played here.
 */
// concern: wiring
import { setTimeout as delay } from "node:timers/promises";
import { DBOS } from "@dbos-inc/dbos-sdk";
import type { StartWorker } from "../../session/contract.ts";
import { databaseUrl, queueOf } from "./connection.ts";
import { sessionWorkflow } from "./lifecycle.ts";

export const startWorker: StartWorker = async ({ store, group, incarnation, world }) => {
  const queue = queueOf(store, group);
  DBOS.registerWorkflow(sessionWorkflow(world), { name: "session" });
  DBOS.setConfig({
    name: "sessions",
    systemDatabaseUrl: databaseUrl(store),
    executorID: `${queue}-${incarnation.replace(/#\d+$/, "")}`, // of the server, not of this life of its process
    listenQueues: [queue],
    logLevel: "warn",
  });
  await launch();
  await DBOS.registerQueue(queue);
  return { stop: () => DBOS.shutdown() };
};

// concern: retry and recovery
/** As an orchestrator would start a process anew that failed to start: where the store is away, or two migrate it at once. */
async function launch(): Promise<void> {
  for (;;) {
    try {
      return await DBOS.launch();
    } catch (error) {
      console.error(`launch: ${error}`);
      await DBOS.shutdown();
      await delay(startAgainMs);
    }
  }
}

const startAgainMs = 1_000;
