/** A process that executes lifecycles: an executor of DBOS's, with a lease by which others tell that it lives. */
// concern: wiring
import { setTimeout as delay } from "node:timers/promises";
import { DBOS } from "@dbos-inc/dbos-sdk";
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
import { Executions, launched } from "./executions.ts";
import { executorRow, schema } from "./executor-table.ts";
import { runSession } from "./lifecycle.ts";

const defaultLeaseMs = 30_000;
const renewalsPerLease = 3;
/** By default DBOS hashes the code: a worker with other code would not take over what is under way. */
const applicationVersion = "1";
/** By default DBOS gives a session up when its 101st worker has died, until an operator resumes it. */
const maxRecoveryAttempts = Number.MAX_SAFE_INTEGER;

export const startWorker: StartWorker = async (settings) => {
  const leaseMs = settings.leaseMs ?? defaultLeaseMs;
  const queue = queueOf(settings);
  const database = openSystemDatabase(settings.store, leaseMs);
  const leases = openSystemDatabase(settings.store, leaseMs).systemDatabasePool; // of its own: no renewal waits behind a step
  const row = executorRow(leases, queue, leaseMs);
  const executions = new Executions(row, settings.retryDelayMs);
  await prepare(database, queue, schema);

  const session = (spec: SessionSpec) =>
    executions.play((execution) => runSession(settings.world, execution, spec));
  DBOS.registerWorkflow(session, { name: workflowName, maxRecoveryAttempts });
  DBOS.setConfig({
    ...database,
    name: applicationName,
    applicationVersion,
    executorID: row.id,
    listenQueues: [queue],
    runMigrations: false,
    useListenNotify: false, // of messages and events, of which there are none
    observabilityQueryTimeoutMs: 0, // connections have one
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
  const executor = launched();
  const stopping = new AbortController();

  /** Puts into the queue again what was of executors that died. */
  const recover = () => row.recoverLapsed((ids) => executor.recoverPendingWorkflows(ids));
  let notInPlay: readonly string[] = [];
  /** The same of what is this one's, and nobody runs: DBOS took it and the answer was lost, or its execution was broken off. */
  async function resumeStranded(): Promise<void> {
    const idle = executions.notInPlay(await row.held());
    const stranded = idle.filter((holding) => notInPlay.includes(holding)); // one that was just taken may be about to run
    notInPlay = idle;
    if (stranded.length > 0) await row.putBack(stranded);
  }
  void again(recover, leaseMs / 4, stopping.signal);
  void again(resumeStranded, leaseMs / 2, stopping.signal);

  // concern: shutdown
  return {
    async stop() {
      stopping.abort();
      const [hasDrained] = await Promise.all([
        executions.drain(longestStopMs),
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

// concern: retry and recovery
/** Does something from time to time, until `signal` ends it. Where it fails, the next time may get through. */
async function again(what: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(everyMs, null, { signal }).catch(() => {}); // it is over
    if (!signal.aborted) await what().catch((error: unknown) => logger.warn(`look: ${error}`));
  }
}
