/**
 * The program that a newcomer to Resonate writes: one process that starts a lifecycle by `resonate.run` and executes it
 * itself. With a store it joins a group, as a worker would; without one it is `new Resonate()`, with all state in here.
 */
import { ConsoleLogger, Resonate } from "@resonatehq/sdk";
import type { session } from "../../implementations/resonate/lifecycle.ts";
import type { networkTo as openNetwork } from "../../implementations/resonate/network.ts";
import { fromEnvironment, type InProcessConfig } from "./process-config.ts";
import { connectWorld } from "./worker-world.ts";

const config = fromEnvironment<InProcessConfig>();
const { implementation, deployment, incarnation, spec, hasStore } = config;
const { store, group, leaseMs, retryDelayMs } = deployment;

const lifecycle: { session: typeof session } = await import(new URL("lifecycle.ts", implementation).href);
const { networkTo }: { networkTo: typeof openNetwork } = await import(
  new URL("network.ts", implementation).href
);
const logger = new ConsoleLogger("warn");
const network = hasStore
  ? networkTo({ store, group, pid: incarnation, logger, timeoutMs: undefined })
  : undefined;
const resonate = new Resonate({ network, pid: incarnation, ttl: leaseMs ?? undefined });
resonate.setDependency("world", await connectWorld(config));
resonate.setDependency("retryDelayMs", retryDelayMs);
resonate.register("session", lifecycle.session);

process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => {}); // the harness is gone; its reaper decides what becomes of this process
process.send?.({ kind: "ready" });
if (spec !== null) await resonate.run(`session/${store.prefix ?? ""}${spec.sessionId}`, "session", spec);
