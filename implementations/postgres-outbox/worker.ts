/** A process that executes lifecycles: it takes sessions that are due, renews their leases, and sleeps until the next one is. */
import type { StartWorker } from "../../harness/contract.ts";
import { connectionOptions, listen, openPool, untilAnswered } from "./connection.ts";
import { runSession } from "./lifecycle.ts";
import { dueChannel, FencedError, type Hold, SessionTable } from "./session-table.ts";

const defaultLeaseMs = 30_000;
const renewalsPerLease = 3;
/** A notice can be missed while its connection is lost, and a session put to sleep by a worker that then dies; the table knows. */
const pollIntervalMs = 200;

export const startWorker: StartWorker = async (settings) => {
  const { store, group, retryDelayMs, concurrency, world } = settings;
  const leaseMs = settings.leaseMs ?? defaultLeaseMs;
  const lane = (store.prefix ?? "") + group;
  // An answer that takes longer than the lease speaks of a session that may be another worker's by now.
  const connection = connectionOptions(store, leaseMs);
  const pool = openPool(connection);
  const table = new SessionTable(pool, lane, leaseMs);
  const holds = new Map<string, Hold>();
  const runs = new Set<Promise<void>>();
  let isStopping = false;
  let wake = () => {};

  async function run(hold: Hold): Promise<void> {
    const { sessionId } = hold.spec;
    holds.set(sessionId, hold);
    try {
      await runSession(world, table, hold, () => isStopping);
    } catch (error) {
      console.error(`session ${sessionId}: ${error}`);
      if (!(error instanceof FencedError)) await table.putOff(hold, retryDelayMs).catch(() => {}); // else the lease runs out
    }
    holds.delete(sessionId);
    wake();
  }

  /** Takes what is due, and says how long there is nothing to take, ms; Infinity where there is no room for more. */
  async function takeWork(): Promise<number> {
    const free = concurrency - holds.size;
    if (free === 0) return Number.POSITIVE_INFINITY;
    const taken = await table.claim(free, [...holds.keys()]);
    for (const hold of taken) {
      const running = run(hold).finally(() => runs.delete(running));
      runs.add(running);
    }
    return taken.length === free ? 0 : table.nextDueInMs([...holds.keys()]);
  }

  async function keepTaking(): Promise<void> {
    while (!isStopping) {
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      wake = resolve; // before looking, so that whatever happens from now on is noticed
      const idleMs = await takeWork().catch(() => pollIntervalMs); // the store is away
      const alarm = setTimeout(wake, Math.min(idleMs, pollIntervalMs));
      await woken;
      clearTimeout(alarm);
    }
  }

  await untilAnswered(() => table.create());
  const listener = await listen(connection, dueChannel, (due) => {
    if (due === null || due === lane) wake();
  });
  const heartbeat = setInterval(() => {
    if (holds.size > 0) void table.renew([...holds.values()]).catch(() => {}); // the next one may get through
  }, leaseMs / renewalsPerLease);
  const taking = keepTaking();
  return {
    async stop() {
      isStopping = true;
      wake();
      await taking;
      await Promise.all(runs);
      clearInterval(heartbeat);
      listener.close();
      await pool.end();
    },
  };
};
