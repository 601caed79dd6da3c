/** The least that Resonate can do: a durable function without a single step. What it reaches bounds every lifecycle. */
import { ConsoleLogger, Resonate } from "@resonatehq/sdk";
import type { StartWorker } from "../../../session/contract.ts";
import { networkTo } from "../../network.ts";

export const startWorker: StartWorker = async ({ store, group, leaseMs, incarnation }) => {
  const logger = new ConsoleLogger("warn");
  const network = await networkTo({
    store,
    group,
    pid: incarnation,
    logger,
    timeoutMs: leaseMs ?? undefined,
  });
  const resonate = new Resonate({ network, pid: incarnation, ttl: leaseMs ?? undefined, logger });
  // biome-ignore lint/correctness/useYield: it has nothing to wait for
  resonate.register("session", function* () {
    return null;
  });
  await network.connected;
  return { stop: () => resonate.stop() };
};
