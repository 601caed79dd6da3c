/** A worker as the documentation has it: a member of a group, with the function registered, until its process ends. */
// concern: wiring
import { Resonate } from "@resonatehq/sdk";
import type { StartWorker } from "../../session/contract.ts";
import { session } from "./lifecycle.ts";

export const startWorker: StartWorker = async ({ store, group, leaseMs, world }) => {
  const { url, secret, prefix = "" } = store;
  const resonate = new Resonate({
    url,
    token: secret || undefined,
    group: prefix + group,
    ttl: leaseMs ?? undefined,
  });
  resonate.setDependency("world", world);
  resonate.register("session", session);
  // "Don't call .stop() on a long-running worker": the end of the process ends it (https://docs.resonatehq.io/develop/typescript).
  return { stop: async () => {} };
};
