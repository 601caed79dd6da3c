/** A process that executes lifecycles: it takes sessions that are due, and renews their leases until it lets go of them. */
// concern: wiring
import { setTimeout as delay } from "node:timers/promises";
import { longestStopMs, type StartWorker } from "../session/contract.ts";
import { listen } from "./connection.ts";
import { runSession } from "./lifecycle.ts";
import { type Hold, openSessionTable } from "./session-table.ts";

const defaultLeaseMs = 30_000;
const renewalsPerLease = 3;
/** Nobody says when a wait or a lease is over: the index is asked, which is one page where nothing is due. */
const pollMs = 50;

export const startWorker: StartWorker = async (settings) => {
  const { retryDelayMs, concurrency, world } = settings;
  const leaseMs = settings.leaseMs ?? defaultLeaseMs;
  const table = await openSessionTable(settings, leaseMs);
  const stopping = new AbortController();
  const runs = new Map<Hold, Promise<void>>();
  let wake = () => {};

  // concern: retry and recovery
  async function run(hold: Hold): Promise<void> {
    try {
      await runSession(world, table, hold, stopping.signal);
    } catch (error) {
      const isStopping = error === stopping.signal.reason;
      if (!isStopping) console.error(`session ${hold.spec.sessionId}: ${error}`);
      // Not at all, where another worker is to take it at once.
      await table.putOff(hold, isStopping ? 0 : retryDelayMs).catch(() => {}); // or its lease runs out
    }
    runs.delete(hold);
    wake();
  }

  // concern: wiring
  async function takeWork(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      wake = resolve; // before looking, so that whatever happens from now on is noticed
      const free = concurrency - runs.size;
      const taken = free > 0 ? await table.claim(free, [...runs.keys()]).catch(() => []) : [];
      for (const hold of taken) runs.set(hold, run(hold));
      if (taken.length === 0 || taken.length < free) await woken;
    }
  }

  void listen(table.pool, "sessions_due", pollMs, () => wake(), stopping.signal);
  // concern: retry and recovery
  const renew = () => table.renew([...runs.keys()]).catch(() => {}); // the next one may get through
  const heartbeat = setInterval(renew, leaseMs / renewalsPerLease);
  // concern: wiring
  const taking = takeWork();
  // concern: shutdown
  return {
    async stop() {
      stopping.abort();
      wake();
      await taking;
      await Promise.race([Promise.all(runs.values()), delay(longestStopMs)]);
      clearInterval(heartbeat);
      await table.pool.end();
    },
  };
};
