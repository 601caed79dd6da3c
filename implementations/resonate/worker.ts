/** A process that executes lifecycles: it joins the group, and the store sends it work. */
// concern: wiring
import { ConsoleLogger, Resonate } from "@resonatehq/sdk";
import { longestStopMs, type StartWorker } from "../session/contract.ts";
import { DrainingNetwork } from "./draining-network.ts";
import { session, version } from "./lifecycle.ts";
import { networkTo } from "./network.ts";
import { timersOf } from "./store-network.ts";
import { sinkTimers } from "./timer-sink.ts";

/** What the SDK takes where nobody asks for another, ms. */
const usualLeaseMs = 60_000;

export const startWorker: StartWorker = async ({
  store,
  group,
  leaseMs,
  retryDelayMs,
  world,
  incarnation,
}) => {
  const logger = new ConsoleLogger("warn");
  // A request that takes longer than the lease speaks of a task that may be another's by now.
  const timeoutMs = leaseMs ?? undefined;
  const timers = timersOf(group);
  const reached = await networkTo({ store, group, timers, pid: incarnation, logger, timeoutMs });
  const network = new DrainingNetwork(reached, { leaseMs: leaseMs ?? usualLeaseMs, retryDelayMs });
  const resonate = new Resonate({ network, pid: incarnation, ttl: leaseMs ?? usualLeaseMs, logger });
  resonate.setDependency("world", world);
  resonate.setDependency("retryDelayMs", retryDelayMs);
  resonate.register("session", session, { version });
  const sink = await sinkTimers({ store, group }, logger);
  await network.connected;
  // concern: shutdown
  return {
    async stop() {
      await network.drain(longestStopMs);
      await Promise.all([resonate.stop(), sink.close()]);
    },
  };
};
