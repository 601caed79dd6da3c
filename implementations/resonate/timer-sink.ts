/**
 * Where the tasks of timers go. A durable sleep is a promise with a deadline; that the server keeps the deadline, the SDK
 * gives the promise an address, and with it comes a task that nobody has to run. While nobody takes it, the server sends it
 * again and again, for each sleeper. Here it is taken once, and held until long after the deadline.
 */
// concern: timer
import { randomUUID } from "node:crypto";
import { type Logger, Resonate } from "@resonatehq/sdk";
import type { Deployment } from "../session/contract.ts";
import { networkTo } from "./network.ts";
import { timersOf } from "./store-network.ts";

const heldForMs = 24 * 60 * 60 * 1000;
/** Nobody waits for it. */
const lookMs = 1_000;

/** Takes the tasks of timers, which the SDK drops where they are not due, until it is closed. */
export async function sinkTimers(
  { store, group }: Pick<Deployment, "store" | "group">,
  logger: Logger,
): Promise<{ close(): Promise<void> }> {
  const pid = randomUUID();
  const network = await networkTo({ store, group: timersOf(group), pid, logger, lookMs });
  // The documentation says one client for each process; SDK 0.11.5 keeps nothing that two would share.
  const sink = new Resonate({ network, pid, ttl: heldForMs, logger });
  return { close: () => sink.stop() };
}
