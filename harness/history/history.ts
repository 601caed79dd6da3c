/**
 * A ledger read as a history: the same entries, sorted once by session and by worker, so that every
 * checker can look up what it needs instead of searching. Pure, and linear in the number of entries.
 */
import type { Entry, EntryOf, Incarnation } from "../world/entry.ts";
import { type ClockShift, clockShiftsOf } from "./clocks.ts";
import { type Offer, OfferReader } from "./offers.ts";
import {
  type Forgetting,
  forgettingsOf,
  type LastingFault,
  type LifeEntry,
  lastingFaultsOf,
  lasts,
  type Outage,
  outagesOf,
} from "./outages.ts";

export type BeginEntry = EntryOf<"begin">;
export type EffectEntry = EntryOf<"landed" | "suppressed">;
/** What a step leaves in the ledger. */
export type WorkEntry = BeginEntry | EffectEntry;
export type FaultEntry = EntryOf<"fault">;
export type InspectedEntry = EntryOf<"inspected">;

/** All entries of one session, in ledger order: together, and by what they are. */
export interface SessionHistory {
  readonly session: string;
  readonly entries: readonly Entry[];
  readonly calls: readonly EntryOf<"call">[];
  readonly starts: readonly EntryOf<"started">[];
  readonly results: readonly EntryOf<"result">[];
  readonly resultFailures: readonly EntryOf<"result-failed">[];
  readonly work: readonly WorkEntry[];
  readonly begins: readonly BeginEntry[];
  /** Effects that landed; those suppressed by their key are in `work` only. */
  readonly landed: readonly EffectEntry[];
}

/** One life of a worker process. */
export interface WorkerLife {
  readonly worker: Incarnation;
  readonly spawned: EntryOf<"spawned"> | null;
  readonly ready: EntryOf<"ready"> | null;
  readonly exited: EntryOf<"exited"> | null;
  /** Faults that named this worker while it lived. */
  readonly faults: readonly FaultEntry[];
  /** The fault that ended this life: the first that named it and that nobody outlives. */
  readonly killedBy: FaultEntry | null;
  /** The entry that stands for its death: its exit, or, where the exit went unrecorded, the fault itself. */
  readonly death: EntryOf<"exited"> | FaultEntry | null;
  /** When it said that it was alive, ms, in order; and how long its store had taken to answer it each time, ms. */
  readonly aliveAt: readonly number[];
  readonly answeredInMs: readonly number[];
}

/** One effect that landed twice in one execution: the world, not the implementation, is broken. */
export interface WitnessFault {
  readonly session: string;
  readonly landings: readonly [EffectEntry, EffectEntry];
}

export interface History {
  readonly entries: readonly Entry[];
  /** Probe sessions are in `offers` and not here. */
  readonly sessions: ReadonlyMap<string, SessionHistory>;
  readonly workers: ReadonlyMap<Incarnation, WorkerLife>;
  readonly faults: readonly FaultEntry[];
  /** Pauses, partitions, and times in which the store was down; in order of time. */
  readonly lastingFaults: readonly LastingFault[];
  /** Those of them that set a clock wrong, in order of time. */
  readonly clockShifts: readonly ClockShift[];
  /** What the store lost that it had acknowledged; in order of time. */
  readonly forgettings: readonly Forgetting[];
  /** In order of time; counted only once the first worker was ready. */
  readonly outages: readonly Outage[];
  /** When the last fault was over; null where no entry says so. */
  readonly healedAt: number | null;
  /** What was offered to each worker alone, once everything was healed; in order of time. */
  readonly offers: readonly Offer[];
  /** The last inspection of each place. */
  readonly inspections: { readonly world: InspectedEntry | null; readonly store: InspectedEntry | null };
  readonly witnessFaults: readonly WitnessFault[];
  /** What the world could not do for a step, for a reason of its own. */
  readonly refusals: readonly EntryOf<"refused">[];
  /** Time of the last entry; 0 in an empty history. */
  readonly endsAt: number;
}

/** Builds the history of a ledger. `entries` are in ledger order. Pure; linear. */
export function indexHistory(entries: readonly Entry[]): History {
  const sessions = new Map<string, SessionDraft>();
  const workers = new Map<Incarnation, WorkerDraft>();
  const faults: FaultEntry[] = [];
  const livesInOrder: LifeEntry[] = [];
  const inspections: Writable<History["inspections"]> = { world: null, store: null };
  const offers = new OfferReader();
  const refusals: EntryOf<"refused">[] = [];
  let healedAt: number | null = null;

  for (const entry of entries) {
    if (entry.kind === "offered" || entry.kind === "offer-ended" || offers.isOfProbe(entry))
      offers.read(entry);
    else if ("session" in entry) {
      addToSession(draftOf(sessions, entry.session, emptySession), entry);
      if (entry.kind === "refused") refusals.push(entry);
    } else if (entry.kind === "healed") healedAt = entry.at;
    else if (entry.kind === "inspected") inspections[entry.place] = entry;
    else if (entry.kind === "alive") {
      const life = draftOf(workers, entry.worker, emptyLife);
      life.aliveAt.push(entry.at);
      life.answeredInMs.push(entry.tookMs ?? 0);
    } else {
      livesInOrder.push(entry);
      if (entry.kind === "fault") faults.push(entry);
      if (entry.kind !== "fault-ended") addToWorkers(workers, entry);
    }
  }
  for (const life of workers.values()) life.death = life.exited ?? life.killedBy;
  const lastingFaults = lastingFaultsOf(livesInOrder);
  const endsAt = entries.at(-1)?.at ?? 0;

  return {
    entries,
    sessions,
    workers,
    faults,
    lastingFaults,
    clockShifts: clockShiftsOf(lastingFaults),
    forgettings: forgettingsOf(lastingFaults, endsAt),
    outages: outagesOf(livesInOrder, (worker) => workers.get(worker)),
    healedAt,
    offers: offers.offers,
    inspections,
    witnessFaults: [...sessions.values()].flatMap(witnessFaultsOf),
    refusals,
    endsAt,
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };
type SessionDraft = Writable<SessionHistory>;
type WorkerDraft = Writable<WorkerLife>;

function emptySession(session: string): SessionDraft {
  return {
    session,
    entries: [],
    calls: [],
    starts: [],
    results: [],
    resultFailures: [],
    work: [],
    begins: [],
    landed: [],
  };
}

function emptyLife(worker: Incarnation): WorkerDraft {
  return {
    worker,
    spawned: null,
    ready: null,
    exited: null,
    faults: [],
    killedBy: null,
    death: null,
    aliveAt: [],
    answeredInMs: [],
  };
}

function draftOf<Draft>(drafts: Map<string, Draft>, id: string, empty: (id: string) => Draft): Draft {
  let draft = drafts.get(id);
  if (draft === undefined) {
    draft = empty(id);
    drafts.set(id, draft);
  }
  return draft;
}

function addToSession(session: SessionDraft, entry: Extract<Entry, { readonly session: string }>): void {
  session.entries.push(entry);
  switch (entry.kind) {
    case "begin":
      session.work.push(entry);
      session.begins.push(entry);
      break;
    case "landed":
    case "suppressed":
      session.work.push(entry);
      if (entry.kind === "landed") session.landed.push(entry);
      break;
    case "call":
      session.calls.push(entry);
      break;
    case "started":
      session.starts.push(entry);
      break;
    case "result":
      session.results.push(entry);
      break;
    case "result-failed":
      session.resultFailures.push(entry);
      break;
    case "start-failed":
    case "rejected":
    case "refused":
    case "logged":
      break;
  }
}

function addToWorkers(
  workers: Map<Incarnation, WorkerDraft>,
  entry: Exclude<LifeEntry, EntryOf<"fault-ended">>,
): void {
  switch (entry.kind) {
    case "spawned":
      draftOf(workers, entry.worker, emptyLife).spawned = entry;
      break;
    case "ready":
      draftOf(workers, entry.worker, emptyLife).ready = entry;
      break;
    case "exited":
      draftOf(workers, entry.worker, emptyLife).exited = entry;
      break;
    case "fault":
      for (const worker of entry.workers) {
        const life = draftOf(workers, worker, emptyLife);
        if (life.exited !== null) continue;
        life.faults.push(entry);
        if (!lasts(entry)) life.killedBy ??= entry;
      }
      break;
  }
}

function witnessFaultsOf({ session, landed }: SessionHistory): readonly WitnessFault[] {
  const found: WitnessFault[] = [];
  const first = new Map<string, EffectEntry>();
  for (const landing of landed) {
    const place = `${landing.execution} ${landing.effect}`;
    const earlier = first.get(place);
    if (earlier === undefined) first.set(place, landing);
    else found.push({ session, landings: [earlier, landing] });
  }
  return found;
}
