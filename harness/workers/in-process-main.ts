/**
 * The program that a newcomer to Resonate writes: one process that starts a lifecycle by `resonate.run` and executes it
 * itself. With a store it joins a group, as a worker would; without one it is `new Resonate()`, with all state in here.
 */
import { Resonate } from "@resonatehq/sdk";
import type { session } from "../../implementations/resonate/lifecycle.ts";
import { fromEnvironment, type InProcessConfig } from "./process-config.ts";
import { connectWorld } from "./worker-world.ts";

const config = fromEnvironment<InProcessConfig>();
const { implementation, deployment, incarnation, spec, hasStore } = config;
const { store, group, leaseMs, retryDelayMs } = deployment;

const lifecycle: { session: typeof session } = await import(new URL("lifecycle.ts", implementation).href);
const place = hasStore ? { url: store.url, token: store.secret, group } : {};
const resonate = new Resonate({ ...place, pid: incarnation, ttl: leaseMs ?? undefined });
resonate.setDependency("world", await connectWorld(config));
resonate.setDependency("retryDelayMs", retryDelayMs);
resonate.register("session", lifecycle.session);

process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => {}); // the harness is gone; its reaper decides what becomes of this process
process.send?.({ kind: "ready" });
if (spec !== null) await resonate.run(`session/${spec.sessionId}`, "session", spec);
