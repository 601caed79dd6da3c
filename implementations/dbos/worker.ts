/** A process that executes lifecycles: an executor of DBOS's, with a lease by which others tell that it lives. */
// concern: wiring
import { DBOS } from "@dbos-inc/dbos-sdk";
import { DBOSExecutor } from "@dbos-inc/dbos-sdk/internal/dbos-executor";
import { longestStopMs, type StartWorker } from "../session/contract.ts";
import type { SessionSpec } from "../session/spec.ts";
import {
  applicationName,
  logger,
  openSystemDatabase,
  prepare,
  queueOf,
  untilAnswered,
  workflowName,
} from "./connection.ts";
import { executorRow, schema } from "./executor-table.ts";
import { runSession } from "./lifecycle.ts";
import { Steps } from "./steps.ts";

const defaultLeaseMs = 30_000;
const renewalsPerLease = 3;
const looksPerLease = 4;
/** By default DBOS hashes the code: a worker with other code would not take over what is under way. */
const applicationVersion = "1";
/** By default DBOS gives a session up for good when its hundredth worker has died. */
const maxRecoveryAttempts = Number.MAX_SAFE_INTEGER;

export const startWorker: StartWorker = async (settings) => {
  const leaseMs = settings.leaseMs ?? defaultLeaseMs;
  const queue = queueOf(settings);
  const database = openSystemDatabase(settings.store, leaseMs);
  const leases = openSystemDatabase(settings.store, leaseMs).systemDatabasePool; // of its own: no renewal waits behind a step
  const row = executorRow(leases, queue, leaseMs);
  const steps = new Steps(row, settings.retryDelayMs);
  await prepare(database, queue, schema);

  DBOS.registerWorkflow((spec: SessionSpec) => runSession(settings.world, steps.ofExecution(), spec), {
    name: workflowName,
    maxRecoveryAttempts,
  });
  DBOS.setConfig({
    ...database,
    name: applicationName,
    applicationVersion,
    executorID: row.id,
    listenQueues: [queue],
    runMigrations: false,
    useListenNotify: false, // of messages and events, of which there are none
    logger,
  });
  // concern: retry and recovery
  await untilAnswered(() => row.renew());
  const renewals = setInterval(() => void row.renew().catch(() => {}), leaseMs / renewalsPerLease); // the next one may get through
  await untilAnswered(async () => {
    try {
      await DBOS.launch();
    } catch (error) {
      await DBOS.shutdown(); // or it takes the half that it has done for a whole
      throw error;
    }
  });
  const executor = DBOSExecutor.globalInstance as DBOSExecutor; // launched
  let stranded: readonly string[] = [];
  let isLooking = false;

  /** Puts into the queue again what nobody works at. */
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      await row.recoverLapsed((ids) => executor.recoverPendingWorkflows(ids));
      // DBOS may have taken a workflow and not know it, if the answer was lost, or have ended a run whose outcome it could not record.
      const held = await row.held();
      const idle = held.filter((id) => !executor.systemDatabase.checkForRunningWorkflow(id));
      const forLong = idle.filter((id) => stranded.includes(id)); // one that was just taken may be about to run
      if (forLong.length > 0) await DBOS.resumeWorkflows(forLong, { queueName: queue });
      stranded = idle;
    } catch (error) {
      logger.warn(`look: ${error}`); // the next one may get through
    } finally {
      isLooking = false;
    }
  }
  const looks = setInterval(() => void look(), leaseMs / looksPerLease);

  // concern: shutdown
  return {
    async stop() {
      clearInterval(looks);
      const [hasDrained] = await Promise.all([
        steps.drain(longestStopMs),
        executor.deactivateEventReceivers(), // takes nothing from the queue any more
      ]);
      clearInterval(renewals);
      // What sleeps here goes on elsewhere at once. Where a step is still under way, others wait until the lease has lapsed.
      if (hasDrained) {
        await executor.recoverPendingWorkflows([row.id]).catch(() => {});
        await row.leave().catch(() => {});
      }
      await DBOS.shutdown();
      await Promise.all([database.systemDatabasePool.end(), leases.end()]);
    },
  };
};
