/**
 * Which remote workers are not heard of any more, told from what the ledger says so far. A worker beats ten times per lease; one
 * that has been silent for half a lease may have lost what it held (`checks/starved.ts`), whatever keeps it.
 */
import type { Entry, Incarnation } from "../world/entry.ts";

const silentLeases = 0.5;

export interface SilenceChange {
  readonly worker: Incarnation;
  /** Whether it is silent from now on, or heard again. */
  readonly isSilent: boolean;
  /** Since it was heard of last, ms. */
  readonly silentMs: number;
}

export class Silences {
  private readonly heardAt = new Map<Incarnation, number>();
  private readonly silent = new Set<Incarnation>();
  private readonly isWatched: (worker: Incarnation) => boolean;
  private readonly leaseMs: number;

  /** Of the workers that are watched every entry is their own. */
  constructor(isWatched: (worker: Incarnation) => boolean, leaseMs: number) {
    this.isWatched = isWatched;
    this.leaseMs = leaseMs;
  }

  /** What changes with an entry; entries come in ledger order. Linear in the watched workers. */
  read(entry: Entry): readonly SilenceChange[] {
    return [...this.heard(entry), ...this.missedAt(entry.at)];
  }

  private heard(entry: Entry): readonly SilenceChange[] {
    if (!("worker" in entry) || !this.isWatched(entry.worker)) return [];
    const { kind, worker, at } = entry;
    const before = this.heardAt.get(worker);
    if (before !== undefined || kind === "ready") this.heardAt.set(worker, at); // before that it is busy with its start
    if (kind === "exited") this.heardAt.delete(worker);
    return this.silent.delete(worker) ? [{ worker, isSilent: false, silentMs: at - (before ?? at) }] : [];
  }

  private missedAt(now: number): readonly SilenceChange[] {
    const missed = [...this.heardAt].filter(
      ([worker, at]) => now - at > silentLeases * this.leaseMs && !this.silent.has(worker),
    );
    for (const [worker] of missed) this.silent.add(worker);
    return missed.map(([worker, at]) => ({ worker, isSilent: true, silentMs: now - at }));
  }
}
