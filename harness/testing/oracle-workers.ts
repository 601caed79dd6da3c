/**
 * Test support, beside `reference.ts`: what became of the workers, in the slowest obvious way; when each died, and when
 * nobody was there who got anything done.
 */
import type { Entry } from "../world/entry.ts";

interface Life {
  readonly worker: string;
  readonly from: number;
  readonly to: number;
}

/** When each worker that a fault named is gone, and whether the entry is the last of it. */
export function deathsOf(
  entries: readonly Entry[],
): readonly { readonly worker: string; readonly at: number }[] {
  const named = new Set(entries.flatMap((entry) => (entry.kind === "fault" ? entry.workers : [])));
  return [...named].flatMap((worker) => {
    const exit = entries.find((entry) => entry.kind === "exited" && entry.worker === worker);
    const fault = entries.find((entry) => entry.kind === "fault" && entry.workers.includes(worker));
    const death = exit ?? fault;
    return death === undefined ? [] : [{ worker, at: death.at }];
  });
}

/** Millisecond by millisecond, once the first worker had been ready: how many found nobody ready, or nobody who was not silent. */
export function nobodyMillisecondsIn(
  entries: readonly Entry[],
  fromMs: number,
  toMs: number,
  leaseMs: number,
): number {
  const deaths = new Map(deathsOf(entries).map(({ worker, at }) => [worker, at]));
  const lives = entries.flatMap((entry): Life[] =>
    entry.kind === "ready"
      ? [{ worker: entry.worker, from: entry.at, to: deaths.get(entry.worker) ?? Number.POSITIVE_INFINITY }]
      : [],
  );
  const silences = new Map(lives.map((life) => [life.worker, silencesOf(entries, life, leaseMs)]));
  const firstReadyAt = Math.min(...lives.map(({ from }) => from));
  let count = 0;
  for (let ms = Math.max(fromMs, firstReadyAt); ms < toMs; ms++) {
    const there = lives.filter(({ from, to }) => from <= ms && ms < to);
    const isSilent = ({ worker }: Life) =>
      silences.get(worker)?.some(([from, to]) => from <= ms && ms < to) ?? false;
    if (there.every(isSilent)) count++;
  }
  return count;
}

/** When a beat of this worker was overdue by more than another one, and when the store took longer than that to answer it. */
function silencesOf(
  entries: readonly Entry[],
  { worker, from, to }: Life,
  leaseMs: number,
): readonly (readonly [from: number, to: number])[] {
  const beats = entries.filter((entry) => entry.kind === "alive").filter((beat) => beat.worker === worker);
  const beatMs = leaseMs / 10;
  const overdue = [...beats.map(({ at }) => at), ...(Number.isFinite(to) ? [to] : [])].map(
    (at, index) => [Math.max(from, beats[index - 1]?.at ?? 0) + beatMs, at] as const,
  );
  return [
    ...(beats.length === 0 ? [] : overdue.filter(([dueAt, at]) => at - dueAt > beatMs)),
    ...beats
      .filter(({ tookMs = 0 }) => tookMs > beatMs)
      .map(({ at, tookMs = 0 }) => [at - tookMs, at] as const),
  ];
}
