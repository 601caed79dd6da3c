/**
 * The program that a newcomer to Resonate writes: one process that starts a lifecycle by `resonate.run` and executes it
 * itself. With a store it joins a group, as a worker would; without one it is `new Resonate()`, with all state in here.
 */
import { ConsoleLogger, Resonate } from "@resonatehq/sdk";
import { fromEnvironment, type ProgramConfig } from "../../../../harness/workers/process-config.ts";
import { connectWorld } from "../../../../harness/workers/worker-world.ts";
import type { SessionSpec } from "../../../session/spec.ts";
import type { session } from "../../lifecycle.ts";
import type { networkTo as openNetwork } from "../../network.ts";

/** What the claims tell it. */
export interface InProcessStart {
  /** What to start; null starts nothing and waits for whatever comes. */
  readonly spec: SessionSpec | null;
  /** Whether it uses the deployment's store, or the SDK's default: a store in this process. */
  readonly hasStore: boolean;
  /** Whether it registers the lifecycle's function; it does where this is left out. */
  readonly registers?: boolean;
}

const config = fromEnvironment<ProgramConfig<InProcessStart>>();
const { implementation, deployment, incarnation, given } = config;
const { spec, hasStore, registers = true } = given;
const { store, group, leaseMs, retryDelayMs } = deployment;

const lifecycle: { session: typeof session } = await import(new URL("lifecycle.ts", implementation).href);
const { networkTo }: { networkTo: typeof openNetwork } = await import(
  new URL("network.ts", implementation).href
);
const logger = new ConsoleLogger("warn");
const network = hasStore ? await networkTo({ store, group, pid: incarnation, logger }) : undefined;
const resonate = new Resonate({ network, pid: incarnation, ttl: leaseMs ?? undefined });
resonate.setDependency("world", await connectWorld(config));
resonate.setDependency("retryDelayMs", retryDelayMs);
if (registers) resonate.register("session", lifecycle.session);

process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => {}); // the harness is gone; its reaper decides what becomes of this process
process.send?.({ kind: "ready" });
if (spec !== null) await resonate.run(`session/${store.prefix ?? ""}${spec.sessionId}`, "session", spec);
