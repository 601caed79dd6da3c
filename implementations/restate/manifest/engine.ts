/** What the harness must know of Restate. */
import { allThatKeysAllow, throughOutages } from "../../../harness/checks/guarantees.ts";
import type { Engine } from "../../../harness/engines/engine.ts";
import type { EngineClocks } from "../../../harness/history/clocks.ts";
import { concepts } from "./concepts.ts";
import { removeSession } from "./remove-session.ts";
import { retries } from "./retries.ts";
import { restateServer } from "./store.ts";
import { upgrades } from "./upgrades.ts";
import { variants } from "./variants.ts";

/**
 * A sleep ends by the server's clock. Its end is reckoned by a worker's, which drops out unless it is ahead by more than is left of
 * the wait: no end lies in a worker's past. Connections are watched by clocks that only run on.
 */
const clocks: EngineClocks = {
  early: ["store"],
  late: ["store", "worker"],
  leases: [],
  remembersForMs: 30 * 24 * 60 * 60 * 1000, // `workflowRetention`
};

export const engine: Engine = {
  stores: [
    {
      name: "server",
      brings: restateServer,
      guarantees: [...allThatKeysAllow, ...throughOutages],
      clocks,
    },
  ],
  byTheBook: ["server"],
  defaultLeaseMs: 60_000, // 40 s between two pings of the server's, and 20 s for an answer
  versions: { restateSdk: "@restatedev/restate-sdk", restateSdkClients: "@restatedev/restate-sdk-clients" },
  services: ["Restate server", "load balancer before the workers"],
  licences: { "Restate server": "BSL 1.1", "Restate SDK": "MIT" },
  concepts,
  retries,
  removeSession,
  variants,
  upgrades,
};
