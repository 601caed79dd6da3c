/**
 * The lease that fits this machine. A lease that is too short for how a machine schedules its processes is lost by workers
 * that nothing befell, and every verdict about time would then be about the machine.
 */
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { significant } from "../report/numbers.ts";

/** The lease of a run, ms, and why it is this one. */
export interface ChosenLease {
  readonly leaseMs: number;
  readonly reason: string;
}

/** How a machine schedules, ms. */
export interface Scheduling {
  /** How late a timer fired, at the worst. */
  readonly lateMs: number;
  /** From the start of a process until it had imported what a worker does, as a rule (median). */
  readonly startMs: number;
}

const leasesMs = [1000, 2000, 4000] as const;
/** The run itself makes the machine several times as busy as it is now: what is seen may take so much of a lease. */
const startShare = 0.22;
const lateShare = 0.1;

/** The shortest lease that such a machine bears; the longest where it bears none. Pure. */
export function leaseFor({ lateMs, startMs }: Scheduling): ChosenLease {
  const bears = (leaseMs: number) => startMs <= startShare * leaseMs && lateMs <= lateShare * leaseMs;
  const leaseMs = leasesMs.find(bears) ?? 4000;
  const observed = `a process starts in ${significant(startMs / 1000)} s and a timer fires up to ${Math.round(lateMs)} ms late`;
  const isBusy = leaseMs > leasesMs[0] ? "this machine is busy: " : "";
  return { leaseMs, reason: `${isBusy}${observed}` };
}

const measuredForMs = 2_000;
const timerMs = 20;
const program = fileURLToPath(new URL("../workers/start-probe-main.ts", import.meta.url));

/** Looks at the machine for two seconds. */
export async function observeScheduling(): Promise<Scheduling> {
  const until = performance.now() + measuredForMs;
  const [lateMs, startMs] = await Promise.all([worstTimer(until), usualStart(until)]);
  return { lateMs, startMs };
}

async function worstTimer(until: number): Promise<number> {
  let worst = 0;
  while (performance.now() < until) {
    const dueAt = performance.now() + timerMs;
    await delay(timerMs);
    worst = Math.max(worst, performance.now() - dueAt);
  }
  return worst;
}

/** The first start is not counted: it reads the files from the disk. */
async function usualStart(until: number): Promise<number> {
  const starts: number[] = [];
  while (starts.length < 2 || performance.now() < until) {
    const startedAt = performance.now();
    await execa(process.execPath, [program]);
    starts.push(performance.now() - startedAt);
  }
  return starts.slice(1).toSorted((a, b) => a - b)[Math.floor((starts.length - 1) / 2)] ?? 0;
}
