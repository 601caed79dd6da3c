/** What processes take from the machine, as the operating system says it. */
import { setTimeout as delay } from "node:timers/promises";
import pidusage from "pidusage";
import type { Child } from "./reaper.ts";

export interface Usage {
  /** Processor time since the process started, ms, to within a tick of the system's clock (10 ms on Linux). */
  readonly cpuMs: number;
  /** Memory that is resident now. */
  readonly residentBytes: number;
}

/** Of one process; null where it is gone or the system does not say. Its own children are not among it. */
export async function usageOf({ pid }: Pick<Child, "pid">): Promise<Usage | null> {
  try {
    const { ctime, memory } = await pidusage(pid);
    return { cpuMs: ctime, residentBytes: memory };
  } catch {
    return null;
  }
}

/** Processor time of several processes together, ms; null where one of them is not known. */
export async function cpuMsOf(processes: readonly Pick<Child, "pid">[]): Promise<number | null> {
  const usages = await Promise.all(processes.map(usageOf));
  return usages.reduce<number | null>(
    (sum, usage) => (sum === null || usage === null ? null : sum + usage.cpuMs),
    0,
  );
}

const sampleMs = 100;

/** Looks at a process again and again until it is told to stop; then says the most memory that it saw, null where it saw none. */
export function watchMemory(process: Pick<Child, "pid">): { stop(): Promise<number | null> } {
  const ending = new AbortController();
  const watching = (async () => {
    let peak: number | null = null;
    while (!ending.signal.aborted) {
      const usage = await usageOf(process);
      if (usage !== null) peak = Math.max(peak ?? 0, usage.residentBytes);
      await delay(sampleMs);
    }
    return peak;
  })();
  return {
    stop() {
      ending.abort();
      return watching;
    },
  };
}
