/** Starts at a fixed rate. */
import { setTimeout as delay } from "node:timers/promises";

export interface Rate {
  readonly perSecond: number;
  /** Starts are due for so long, ms; one at least is. */
  readonly forMs: number;
}

/**
 * Calls `start` for each of them, never before it is due: a timer that was set late in a turn of the event loop may fire early by as
 * long as that turn took. Those that are late, since this process was busy, come all at once. Resolves after the last call.
 */
export async function startAtRate(
  { perSecond, forMs }: Rate,
  start: (index: number, dueAt: number) => void,
): Promise<void> {
  const startedAt = performance.now();
  const count = Math.max(1, Math.round((forMs / 1000) * perSecond));
  const dueAt = (index: number) => startedAt + (index * 1000) / perSecond;
  let begun = 0;
  while (begun < count) {
    await delay(Math.max(0, dueAt(begun) - performance.now()));
    for (; begun < count && dueAt(begun) <= performance.now(); begun++) start(begun, dueAt(begun));
  }
}
