/** What processes take from the machine, as the operating system says it. */
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import pidusage from "pidusage";
import type { Child } from "./reaper.ts";

export interface Usage {
  /** Processor time since the process started, ms, to within a tick of the system's clock (10 ms on Linux). */
  readonly cpuMs: number;
  /** Memory that is resident now; null where several processes share it, so that their sum would count it twice. */
  readonly residentBytes: number | null;
}

/** Of a process and those that it started, as far as they still run; null where it is gone or the system does not say. */
export async function usageOf({ pid }: Pick<Child, "pid">): Promise<Usage | null> {
  try {
    const family = await familyOf(pid);
    const usages = await pidusage(family);
    const known = Object.values(usages).filter((usage) => usage != null);
    const [alone] = known;
    return {
      cpuMs: known.reduce((sum, { ctime }) => sum + ctime, 0),
      residentBytes: known.length === 1 && alone !== undefined ? alone.memory : null,
    };
  } catch {
    return null;
  }
}

/** The process and all that descend from it. */
async function familyOf(pid: number): Promise<number[]> {
  const { stdout } = await execa("ps", ["-A", "-o", "pid=,ppid="]);
  const childrenOf = Map.groupBy(
    stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number)),
    ([, parent]) => parent,
  );
  const family = [pid];
  for (const member of family)
    for (const [child = Number.NaN] of childrenOf.get(member) ?? []) family.push(child); // which are visited in turn
  return family;
}

/** Processor time of several processes together, ms; null where one of them is not known. */
export async function cpuMsOf(processes: readonly Pick<Child, "pid">[]): Promise<number | null> {
  if (processes.length === 0) return null;
  const usages = await Promise.all(processes.map(usageOf));
  return usages.reduce<number | null>(
    (sum, usage) => (sum === null || usage === null ? null : sum + usage.cpuMs),
    0,
  );
}

const sampleMs = 200;

/** Looks at a process again and again until it is told to stop; then says the most memory that it saw, null where it saw none. */
export function watchMemory(process: Pick<Child, "pid">): { stop(): Promise<number | null> } {
  const ending = new AbortController();
  const watching = (async () => {
    let peak: number | null = null;
    while (!ending.signal.aborted) {
      const bytes = (await usageOf(process))?.residentBytes ?? null;
      if (bytes !== null) peak = Math.max(peak ?? 0, bytes);
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
