/** How a process of the run is told to leave, and made to: nobody waits for ever for one that hangs. */
import { setTimeout as delay } from "node:timers/promises";
import type { Child, Exit } from "./reaper.ts";

/** How long a process that holds no work may take to leave, ms. */
const leaveMs = 2_000;

/** SIGTERM, and SIGKILL for what is still there after `graceMs`. Resolves with how it left. */
export async function terminate(
  { kill, exited }: Pick<Child, "kill" | "exited">,
  graceMs = leaveMs,
): Promise<Exit> {
  kill("SIGTERM");
  const left = await Promise.race([exited, delay(graceMs, null, { ref: false })]);
  if (left === null) kill("SIGKILL");
  return exited;
}
