/** What happened in a case that nobody ordered: what is wrong there may be nobody's mistake. */
import { whyNotBelieved } from "../checks/judge.ts";
import { wasStarved } from "../checks/starved.ts";
import type { History, WorkerLife } from "../history/history.ts";

/** A time in which the store was away because somebody in the case wanted it to be, ms. */
export interface ProvokedOutage {
  readonly from: number;
  readonly to: number;
}

/** So long after a provoked outage its workers may not have noticed that the store is back, in leases. */
const noticedLeases = 2;

/**
 * Each a clause: workers that stalled for so long that they may have lost what they held, without a fault, and what the witness did
 * wrong. Empty where nothing excuses anybody. Pure.
 */
export function disturbancesOf(
  history: History,
  outages: readonly ProvokedOutage[],
  leaseMs: number,
): readonly string[] {
  const { sessions, workers, faults, endsAt } = history;
  const begins = [...sessions.values()].flatMap((session) => session.begins);
  const ordered = begins.flatMap(({ order, worker }) => (order?.kind === "pause" ? [worker] : []));
  const paused = faults.flatMap(({ faultKind, workers: stood }) => (faultKind === "pause" ? stood : []));
  const stopped = new Set([...ordered, ...paused]);
  const unbelieved = whyNotBelieved(history);
  return [
    ...(unbelieved === null ? [] : [unbelieved]),
    ...[...workers.values()]
      .filter((life) => !stopped.has(life.worker) && isStarved(life, outages, endsAt, leaseMs))
      .map(({ worker }) => `worker ${worker} stalled (machine overloaded)`),
  ];
}

/** Whether a worker stalled at any time but while the store was away, and until it may have noticed that it is back. */
function isStarved(
  life: WorkerLife,
  outages: readonly ProvokedOutage[],
  endsAt: number,
  leaseMs: number,
): boolean {
  const begins = [0, ...outages.map(({ to }) => to + noticedLeases * leaseMs)];
  const ends = [...outages.map(({ from }) => from), endsAt];
  return begins.some((from, index) => wasStarved(life, from, ends[index] ?? endsAt, leaseMs));
}
