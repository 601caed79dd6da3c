/** A process that executes lifecycles: it joins the group, and the store sends it work. */
import { Resonate } from "@resonatehq/sdk";
import type { StartWorker } from "../session/contract.ts";
import { connectionLog } from "./connection-log.ts";
import { DrainingNetwork } from "./draining-network.ts";
import { session } from "./lifecycle.ts";
import { networkTo } from "./network.ts";

export const startWorker: StartWorker = async ({
  store,
  group,
  leaseMs,
  retryDelayMs,
  world,
  incarnation,
}) => {
  const { logger, connected } = connectionLog();
  // A request that takes longer than the lease speaks of a task that may be another's by now.
  const timeoutMs = leaseMs ?? undefined;
  const network = new DrainingNetwork(await networkTo({ store, group, pid: incarnation, logger, timeoutMs }));
  const resonate = new Resonate({ network, pid: incarnation, ttl: leaseMs ?? undefined, logger });
  resonate.setDependency("world", world);
  resonate.setDependency("retryDelayMs", retryDelayMs);
  resonate.register("session", session);
  await connected;
  return {
    async stop() {
      await network.drain();
      await resonate.stop();
    },
  };
};
