/** What the harness must know of Restate. */
import type { Engine } from "../../../harness/engines/engine.ts";
import { restateServer } from "./store.ts";

export const engine: Engine = {
  stores: [{ name: "server", brings: restateServer }],
  defaultLeaseMs: 60_000, // 40 s between two pings of the server's, and 20 s for an answer
  versions: { restateSdk: "@restatedev/restate-sdk", restateSdkClients: "@restatedev/restate-sdk-clients" },
  services: ["Restate server", "load balancer before the workers"],
};
