/**
 * Test support, beside `oracle.ts`: what became of the workers, in the slowest obvious way; when each died, and when
 * nobody was there.
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

/** The times in which nobody was ready, once the first worker had been; the last may go on beyond the end. */
export function absencesIn(
  entries: readonly Entry[],
): readonly { readonly from: number; readonly to: number }[] {
  const deaths = new Map(deathsOf(entries).map(({ worker, at }) => [worker, at]));
  const lives = entries.flatMap((entry): Life[] =>
    entry.kind === "ready"
      ? [{ worker: entry.worker, from: entry.at, to: deaths.get(entry.worker) ?? Number.POSITIVE_INFINITY }]
      : [],
  );
  const endsAt = entries.at(-1)?.at ?? 0;
  return lives
    .filter(({ to }) => !lives.some((other) => other.from <= to && to < other.to))
    .filter(({ to }) => Number.isFinite(to))
    .map(({ to }) => ({
      from: to,
      to: Math.min(...lives.map(({ from }) => from).filter((at) => at > to), endsAt),
    }));
}

/**
 * Millisecond by millisecond from a deadline until the wake: until when nobody was there to keep it, where that begins within a lease,
 * or within one after the session was taken up again, at one of `begunAt`.
 */
export function endOfAbsence(
  entries: readonly Entry[],
  dueAt: number,
  cameAt: number,
  begunAt: readonly number[],
  leaseMs: number,
): number {
  const absences = absencesIn(entries);
  let movedTo = dueAt;
  for (let ms = dueAt; ms < cameAt; ms++) {
    const absence = absences.find(({ from, to }) => from <= ms && ms < to);
    if (absence === undefined) continue;
    const takenUp = [movedTo, ...begunAt.filter((at) => at <= absence.from)];
    if (absence.from < Math.max(...takenUp) + leaseMs) movedTo = absence.to;
    ms = absence.to - 1;
  }
  return movedTo;
}
