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

type Process = Pick<Child, "pid">;

/** Of a process and those that it started, as far as they still run; null where it is gone or the system does not say. */
export async function usageOf(process: Process): Promise<Usage | null> {
  const [usage = null] = await usagesOf([process]);
  return usage;
}

/** The same of several processes, seen in one look. */
async function usagesOf(processes: readonly Process[]): Promise<readonly (Usage | null)[]> {
  try {
    const childrenOf = await childrenByParent();
    const families = processes.map(({ pid }) => familyOf(pid, childrenOf));
    const usages: Record<string, pidusage.Status | undefined> = await pidusage([...new Set(families.flat())]);
    return families.map((family) => {
      const known = family.map((pid) => usages[pid]).filter((usage) => usage != null);
      const [alone] = known;
      if (alone === undefined) return null;
      return {
        cpuMs: known.reduce((sum, { ctime }) => sum + ctime, 0),
        residentBytes: known.length === 1 ? alone.memory : null,
      };
    });
  } catch {
    return processes.map(() => null);
  }
}

async function childrenByParent(): Promise<ReadonlyMap<number, readonly number[]>> {
  const { stdout } = await execa("ps", ["-A", "-o", "pid=,ppid="]);
  const pairs = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const byParent = Map.groupBy(pairs, ([, parent = Number.NaN]) => parent);
  return new Map([...byParent].map(([parent, own]) => [parent, own.map(([pid = Number.NaN]) => pid)]));
}

/** The process and all that descend from it. */
function familyOf(pid: number, childrenOf: ReadonlyMap<number, readonly number[]>): number[] {
  const family = [pid];
  for (const member of family) family.push(...(childrenOf.get(member) ?? [])); // which are visited in turn
  return family;
}

/** Resident memory of what is these processes; null where it is several: what they share would count twice. */
export async function residentBytesOf(processes: readonly Process[]): Promise<number | null> {
  const [process, ...others] = processes;
  return process === undefined || others.length > 0
    ? null
    : ((await usageOf(process))?.residentBytes ?? null);
}

/** Processor time of several processes together, ms; null where one of them is not known. */
export async function cpuMsOf(processes: readonly Process[]): Promise<number | null> {
  const [together = null] = await cpuMsOfGroups([processes]);
  return together;
}

/** The same of several groups of processes, seen in one look. */
export async function cpuMsOfGroups(
  groups: readonly (readonly Process[])[],
): Promise<readonly (number | null)[]> {
  const usages = [...(await usagesOf(groups.flat()))];
  return groups.map((group) => {
    const own = usages.splice(0, group.length);
    return own.length === 0
      ? null
      : own.reduce<number | null>(
          (sum, usage) => (sum === null || usage === null ? null : sum + usage.cpuMs),
          0,
        );
  });
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
