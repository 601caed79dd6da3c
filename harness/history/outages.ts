/**
 * When faults kept everybody from working: which lasted, on whom, and the times in which no worker could reach the store.
 * Pure, and linear in the entries that it is given.
 */
import { tellsToLeave, whatItStops } from "../faults/kinds/faults.ts";
import type { Entry, EntryOf, Incarnation } from "../world/entry.ts";

type FaultEntry = EntryOf<"fault">;

/** What the times of faults and outages are read from. */
export type LifeEntry =
  | EntryOf<"spawned" | "ready">
  | EntryOf<"exited">
  | FaultEntry
  | EntryOf<"fault-ended">;

/** A fault that lasted, and that its victims outlived: a pause, a partition, a store that was down, a clock that was wrong. */
export interface LastingFault {
  readonly fault: FaultEntry;
  readonly fromMs: number;
  /** Null where it never ended. */
  readonly toMs: number | null;
  /** Of a store that forgot: when it was dead, ms after `fromMs`; null where that is not known. */
  readonly deadAfterMs: number | null;
}

/** A time during which no worker that was ready could work: dead, leaving, stopped, cut off, or the store down; `toMs` is null where it never ended. */
export interface Outage {
  readonly fromMs: number;
  readonly toMs: number | null;
  /** The entry that left nobody: a death, or a fault. */
  readonly beganWith: Entry;
  /** The fault behind it; null where the last worker left on its own. */
  readonly fault: FaultEntry | null;
}

/** Whether a fault lasts, that is, has an end of its own in the ledger. */
export function lasts(fault: FaultEntry): boolean {
  return whatItStops(fault) !== null;
}

/** Whether a fault that lasts is done to everybody, as a store that is down. */
export function isDoneToAll(fault: FaultEntry): boolean {
  return whatItStops(fault)?.whom === "everybody";
}

/** Whether a lasting fault is done to this worker. */
export function isDoneTo(fault: FaultEntry, worker: Incarnation): boolean {
  return isDoneToAll(fault) || (stopsVictims(fault) && fault.workers.includes(worker));
}

/** Whether a lasting fault stops the workers that it names, wholly or in part, and nobody else. */
export function stopsVictims(fault: FaultEntry): boolean {
  return whatItStops(fault)?.whom === "victims";
}

/** Whether a fault, while it lasts, lets its victims do nothing for the store's sessions. */
export function stopsEverything(fault: FaultEntry): boolean {
  return whatItStops(fault)?.isTotal ?? false;
}

/** The faults that lasted, in order of time. */
export function lastingFaultsOf(entries: readonly LifeEntry[]): readonly LastingFault[] {
  const ends = new Map(
    entries.flatMap((entry) => (entry.kind === "fault-ended" ? [[entry.fault, entry]] : [])),
  );
  return entries.flatMap((entry) => {
    if (entry.kind !== "fault" || !lasts(entry)) return [];
    const { at: toMs = null, deadAfterMs = null } = ends.get(entry.fault) ?? {};
    return [{ fault: entry, fromMs: entry.at, toMs, deadAfterMs }];
  });
}

/** A time of which the store may no longer know what it had acknowledged. */
export interface Forgetting {
  readonly fault: FaultEntry;
  /** What was acknowledged since may be gone. Times are ms. */
  readonly fromMs: number;
  /** What is acknowledged later is known: by whatever took its place. */
  readonly toMs: number;
  /** Whether starts are kept nevertheless. */
  readonly keepsStarts: boolean;
}

/** What a store acknowledged just before its death may be noted so much later, ms. */
const onItsWayMs = 100;

/** In order of time. Pure. */
export function forgettingsOf(lasting: readonly LastingFault[], endsAt: number): readonly Forgetting[] {
  return lasting.flatMap(({ fault, fromMs, toMs, deadAfterMs }) => {
    if (fault.forgets === undefined) return [];
    const { sinceMs, keepsStarts = false } = fault.forgets;
    const knowsFrom = deadAfterMs === null ? toMs : fromMs + deadAfterMs + onItsWayMs;
    return [{ fault, fromMs: fromMs - sinceMs, toMs: knowsFrom ?? endsAt, keepsStarts }];
  });
}

/** The death of a worker, and the fault behind it. */
interface Death {
  readonly death: Entry | null;
  readonly killedBy: FaultEntry | null;
}

/** The outages, in order of time; counted only once the first worker was ready. `deathOf` knows how each life ended. */
export function outagesOf(
  entries: readonly LifeEntry[],
  deathOf: (worker: Incarnation) => Death | undefined,
): readonly Outage[] {
  const outages: { -readonly [K in keyof Outage]: Outage[K] }[] = [];
  const ready = new Set<Incarnation>();
  const lasting = new Map<string, FaultEntry>();
  let somebody = false;
  for (const entry of entries) {
    let blamed: FaultEntry | null = null;
    switch (entry.kind) {
      case "spawned":
        continue;
      case "ready":
        ready.add(entry.worker);
        break;
      case "exited":
        blamed = deathOf(entry.worker)?.killedBy ?? null;
        ready.delete(entry.worker);
        break;
      case "fault":
        blamed = entry;
        if (stopsEverything(entry)) lasting.set(entry.fault, entry);
        // Who was told to leave takes nothing new; where a death went unrecorded, its fault stands for it.
        for (const worker of entry.workers)
          if (tellsToLeave(entry) || deathOf(worker)?.death === entry) ready.delete(worker);
        break;
      case "fault-ended":
        lasting.delete(entry.fault);
        break;
    }
    const before = somebody;
    somebody = [...ready].some((worker) => ![...lasting.values()].some((fault) => isDoneTo(fault, worker)));
    const open = outages.at(-1);
    if (somebody && open !== undefined) open.toMs ??= entry.at;
    if (before && !somebody) outages.push({ fromMs: entry.at, toMs: null, beganWith: entry, fault: blamed });
  }
  return outages;
}

/** The outages that have a part in [fromMs, toMs). Logarithmic in the history, plus one step per such outage. */
export function outagesWithin(
  { outages }: { readonly outages: readonly Outage[] },
  fromMs: number,
  toMs: number,
): readonly Outage[] {
  return outages.slice(
    firstIndexWhere(outages, (outage) => (outage.toMs ?? Number.POSITIVE_INFINITY) > fromMs),
    firstIndexWhere(outages, (outage) => outage.fromMs >= toMs),
  );
}

/** Index of the first item for which `holds`, given that it holds for every item after one for which it does. */
export function firstIndexWhere<Item>(sorted: readonly Item[], holds: (item: Item) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // `middle` lies within the list, so this is an Item, which may itself be undefined.
    if (holds(sorted[middle] as Item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
