/** A process that executes lifecycles: it joins the group, and the store sends it work. */
import { Resonate } from "@resonatehq/sdk";
import type { StartWorker } from "../../harness/contract.ts";
import { connectionLog } from "./connection-log.ts";
import { session } from "./lifecycle.ts";

export const startWorker: StartWorker = async ({
  store,
  group,
  leaseMs,
  retryDelayMs,
  world,
  incarnation,
}) => {
  const { logger, connected } = connectionLog();
  const resonate = new Resonate({
    url: store.url,
    token: store.secret,
    group,
    pid: incarnation,
    ttl: leaseMs ?? undefined,
    logger,
  });
  resonate.setDependency("world", world);
  resonate.setDependency("retryDelayMs", retryDelayMs);
  resonate.register("session", session);
  await connected;
  // The SDK neither drains nor releases: what still runs here is taken over when its lease has run out.
  return { stop: () => resonate.stop() };
};
