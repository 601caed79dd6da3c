/** Which sessions a worker is at work on, told from what the ledger says so far. */
import type { Entry, Incarnation } from "../world/entry.ts";
import type { WorkEntry } from "./history.ts";

export class SessionsAtWork {
  private readonly lastWork = new Map<string, WorkEntry>();
  private readonly byWorker = new Map<Incarnation, Set<string>>();

  /** Entries in ledger order. */
  read(entry: Entry): void {
    if (entry.kind !== "begin" && entry.kind !== "landed" && entry.kind !== "suppressed") return;
    const { session, worker } = entry;
    const before = this.lastWork.get(session)?.worker;
    if (before !== undefined) this.byWorker.get(before)?.delete(session);
    this.lastWork.set(session, entry);
    if (isAtRest(entry)) return;
    const own = this.byWorker.get(worker) ?? new Set();
    this.byWorker.set(worker, own.add(session));
  }

  /** How many sessions a worker is at work on. */
  countOf(worker: Incarnation): number {
    return this.byWorker.get(worker)?.size ?? 0;
  }
}

/** Whether nothing of the session runs after this work: it waits, or it is over. Pure. */
export function isAtRest(work: WorkEntry): boolean {
  return isMarkedIdle(work) || isLastEffect(work);
}

export function isMarkedIdle(work: WorkEntry): boolean {
  return work.kind !== "begin" && work.effect === "set-idle";
}

export function isLastEffect(work: WorkEntry): boolean {
  return work.kind !== "begin" && work.effect === "write-audit";
}
