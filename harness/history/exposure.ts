/**
 * Which fault hit which session. A and B are workers, ✗ is a death, [ ] a fault that lasts, and the words are work of one session:
 *
 *     interrupted   A record:1 ──✗        B record:1 …            its last work was the victim's, its next is somebody else's
 *     interrupted   A record:1 ──[ B record:2 … ]                 taken over from a victim that lived on, however short the fault
 *     interrupted   A record:1 ──[──────── A record:2             its own next work, more than a lease after [
 *     not hit       A record:1 ──[── A record:2                   its own next work, within a lease after [
 *     left waiting  A mark-idle ─ ─ ─✗ nobody ─ ─ ─ B expire      the fault left no worker while the session was idle
 *     not hit       A mark-idle ─ ─ ─✗ (B is there) ─ B expire    nothing of it ran on A
 *     drained       A record:1 ─SIGTERM─ A mark-idle, A exits     brought to rest before A left
 *     drained       A record:1 ─SIGTERM─ B record:2, A exits      handed over before A left
 *     raced         a `race`, and a second call before the first result
 *     unheard       a caller at a client whose connection a partition is about
 *     misclocked    its worker's clock, or its store's, was set wrong; in its wait, any worker's
 *
 * A verdict is worth as much as the harm that it survived: a kill that met nobody proves nothing.
 * - *Interrupted*: the session's last work before the fault was the victim's, and its next is somebody else's; or, where
 *   the victim lives on (it was stopped, cut off, or its store was down), its own, but more than a lease later. So is a
 *   session that took the order to fail, or to outlast its lease.
 * - *Drained*: its worker was told to leave while at work on it, and brought it to rest before it left. Such a fault
 *   interrupts nobody, and yet it is effective: that nothing was interrupted is what it puts to the test.
 *
 * A session in its wait is not interrupted by what befalls the worker that marked it idle, because nothing
 * of it ran there; that it was in its wait is seen by what comes next, the first `begin` of `expire`.
 */
import { type FaultKind, tellsToLeave } from "../faults/kinds/faults.ts";
import type { Entry, EntryOf, Incarnation } from "../world/entry.ts";
import { isAtRest, isLastEffect, isMarkedIdle } from "./at-work.ts";
import type { FaultEntry, History, WorkEntry, WorkerLife } from "./history.ts";
import { callHitsIn, clockHitsIn, type Hit, type UnresumedHit, type WorkHit, workHit } from "./hits.ts";
import { published, stepRank } from "./law.ts";
import { isDoneTo, type LastingFault, type Outage } from "./outages.ts";

/** What one fault did. A fault that hit nobody is ineffective. */
export interface FaultImpact {
  readonly fault: FaultEntry;
  readonly interrupted: readonly WorkHit[];
  readonly leftWaiting: readonly WorkHit[];
  readonly effective: boolean;
}

export interface Exposure {
  /** In the order in which the faults were injected. */
  readonly faults: readonly FaultImpact[];
  /** By session, in order of time; a session that nothing hit is not in it. */
  readonly hits: ReadonlyMap<string, readonly Hit[]>;
}

/** Finds every hit. Pure; one pass over the history, plus one step per fault and session that it finds at work or waiting. */
export function exposureOf(history: History, leaseMs: number): Exposure {
  const reader = new ExposureReader(history, leaseMs);
  for (const entry of history.entries) {
    if (!("session" in entry) || history.sessions.has(entry.session)) reader.read(entry); // or of a probe
  }
  const hits = reader.end();
  for (const hit of [...callHitsIn(history), ...clockHitsIn(history)]) {
    const found = [...(hits.get(hit.session) ?? []), hit];
    hits.set(
      hit.session,
      found.sort((a, b) => a.at - b.at),
    );
  }
  return { faults: impactsOf(history, hits), hits };
}

/** The kinds of which no fault hit anybody: of these, the run proves nothing. */
export function ineffectiveKinds({ faults }: Exposure): readonly FaultKind[] {
  const kinds = Map.groupBy(faults, ({ fault }) => fault.faultKind);
  return [...kinds].filter(([, of]) => !of.some(({ effective }) => effective)).map(([kind]) => kind);
}

/** Where a session stands while the history is read. */
interface Standing {
  lastWork: WorkEntry;
  /** Rank of the furthest step that has begun. */
  furthest: number;
  /** The execution that began last. */
  execution: string;
  /** The killed worker that did `lastWork`. */
  victim: WorkerLife | null;
  /** The fault that the worker of `lastWork` is under, or was when it did it. */
  lasting: LastingFault | null;
  /** Outages since `lastWork`, should it turn out that the session waits. */
  outages: Outage[];
  /** Hits by an order, until the next work shows when the session went on. */
  unresumed: UnresumedHit[];
  /** Workers that lived on when the session was taken over from them: what they still do for it is a zombie's. */
  readonly zombies: Set<Incarnation>;
}

class ExposureReader {
  private readonly history: History;
  private readonly leaseMs: number;
  private readonly standings = new Map<string, Standing>();
  private readonly heldBy = new Map<Incarnation, Set<string>>();
  private readonly perhapsWaiting = new Set<string>();
  private readonly outageAt: ReadonlyMap<Entry, Outage>;
  private readonly lastingAt: ReadonlyMap<Entry, LastingFault>;
  private readonly faultNamed: ReadonlyMap<string, FaultEntry>;
  /** The lasting faults that are not over. */
  private readonly active = new Set<LastingFault>();
  /** By worker that was told to leave: what it was at work on. */
  private readonly leaving = new Map<Incarnation, { readonly session: string; readonly hit: WorkHit }[]>();
  private readonly hits = new Map<string, Hit[]>();

  constructor(history: History, leaseMs: number) {
    this.history = history;
    this.leaseMs = leaseMs;
    this.outageAt = new Map(history.outages.map((outage) => [outage.beganWith, outage]));
    this.lastingAt = new Map(history.lastingFaults.map((lasting) => [lasting.fault, lasting]));
    this.faultNamed = new Map(history.faults.map((fault) => [fault.fault, fault]));
  }

  read(entry: Entry): void {
    switch (entry.kind) {
      case "begin":
      case "landed":
      case "suppressed":
        this.onWork(entry);
        break;
      case "fault":
        this.onFault(entry);
        this.onOutage(entry);
        break;
      case "fault-ended":
        for (const lasting of this.active)
          if (lasting.fault.fault === entry.fault) this.active.delete(lasting);
        break;
      case "exited":
        this.onExit(entry.worker, entry);
        this.onOutage(entry);
        break;
    }
  }

  /** Records the hits of sessions that never went on. Returns all hits. */
  end(): Map<string, Hit[]> {
    for (const standing of this.standings.values()) {
      const { lastWork, lasting } = standing;
      const silentMs = this.history.endsAt - Math.max(lasting?.fromMs ?? 0, lastWork.at);
      if (silentMs <= this.leaseMs) standing.lasting = null; // too soon to tell
      // Nothing came after. Had it marked itself idle, it waits for ever; had it written its audit row, it was done.
      if (!isLastEffect(lastWork)) this.recordHits(standing, null, isMarkedIdle(lastWork));
    }
    return this.hits;
  }

  private onWork(work: WorkEntry): void {
    const standing = this.standings.get(work.session) ?? standingAt(work);
    if (standing.lastWork !== work) {
      if (isLate(work, standing)) return;
      for (const hit of standing.unresumed.splice(0)) hit.resumedAt = work.at;
      // What the victim had sent before it died may land after its exit was seen; that is not a return.
      if (standing.victim?.worker !== work.worker) this.resume(standing, work);
      if (standing.lastWork.worker !== work.worker)
        this.heldBy.get(standing.lastWork.worker)?.delete(work.session);
      standing.lastWork = work;
    }
    this.standings.set(work.session, standing);
    sessionsHeldBy(this.heldBy, work.worker).add(work.session);
    if (isMarkedIdle(work)) this.perhapsWaiting.add(work.session);
    else this.perhapsWaiting.delete(work.session);
    if (work.kind === "begin") this.begin(standing, work);
  }

  private begin(standing: Standing, begin: EntryOf<"begin">): void {
    standing.furthest = Math.max(standing.furthest, stepRank(published, begin.step));
    standing.execution = begin.execution;
    standing.lasting ??= [...this.active].find(({ fault }) => isDoneTo(fault, begin.worker)) ?? null;
    const fault = this.faultNamed.get(begin.order?.fault ?? "");
    if (fault === undefined) return;
    const hit = workHit("interrupted", begin, fault, begin.at);
    standing.unresumed.push(hit);
    this.record(hit);
  }

  /** The session goes on with `work`: was what lay behind it an interruption? */
  private resume(standing: Standing, work: WorkEntry): void {
    const { lastWork, lasting } = standing;
    const takenOver = work.worker !== lastWork.worker;
    const gapMs = work.at - Math.max(lasting?.fromMs ?? 0, lastWork.at);
    const unharmed = !takenOver && gapMs <= this.leaseMs;
    if (unharmed) standing.lasting = null;
    else if (lasting !== null && takenOver) standing.zombies.add(lastWork.worker);
    this.recordHits(standing, work.at, work.kind === "begin" && work.step === "expire");
    standing.victim = null;
    standing.outages = [];
    // An effect of the execution that was under way when the fault came shows no progress yet; a new execution does.
    standing.lasting = unharmed && work.kind !== "begin" ? lasting : null;
  }

  /** A fault that lasts begins, or a worker is told to leave, or dies without its exit being recorded. */
  private onFault(fault: FaultEntry): void {
    const lasting = this.lastingAt.get(fault);
    if (lasting !== undefined) {
      this.active.add(lasting);
      for (const standing of this.standings.values())
        if (isDoneTo(fault, standing.lastWork.worker)) standing.lasting ??= lasting;
    }
    for (const worker of fault.workers) {
      if (tellsToLeave(fault)) this.onLeave(worker, fault);
      this.onExit(worker, fault);
    }
  }

  private onLeave(worker: Incarnation, fault: FaultEntry): void {
    const atWork = [...sessionsHeldBy(this.heldBy, worker)].flatMap((session) => {
      const lastWork = this.standings.get(session)?.lastWork;
      if (lastWork === undefined || isAtRest(lastWork)) return [];
      return [{ session, hit: workHit("drained", lastWork, fault, fault.at) }];
    });
    this.leaving.set(worker, atWork);
  }

  private onExit(worker: Incarnation, entry: Entry): void {
    const life = this.history.workers.get(worker);
    if (life?.death !== entry || life.killedBy === null) return;
    for (const session of sessionsHeldBy(this.heldBy, worker)) {
      const standing = this.standings.get(session);
      if (standing !== undefined) standing.victim ??= life;
    }
    for (const { session, hit } of this.leaving.get(worker) ?? []) {
      const lastWork = this.standings.get(session)?.lastWork;
      if (lastWork?.worker !== worker || isAtRest(lastWork)) this.record(hit);
    }
  }

  private onOutage(entry: Entry): void {
    const outage = this.outageAt.get(entry);
    if (outage === undefined) return;
    for (const session of this.perhapsWaiting) this.standings.get(session)?.outages.push(outage);
  }

  private recordHits(standing: Standing, resumedAt: number | null, nextIsExpire: boolean): void {
    const { lastWork, victim, lasting, outages } = standing;
    if (isMarkedIdle(lastWork) && nextIsExpire) {
      for (const { fault, fromMs } of outages)
        if (fault !== null) this.record({ ...workHit("left-waiting", lastWork, fault, fromMs), resumedAt });
    } else if (victim !== null && victim.killedBy !== null && victim.death !== null) {
      this.record({ ...workHit("interrupted", lastWork, victim.killedBy, victim.death.at), resumedAt });
    } else if (lasting !== null) {
      const at = Math.max(lasting.fromMs, lastWork.at);
      this.record({ ...workHit("interrupted", lastWork, lasting.fault, at), resumedAt });
    }
  }

  private record(hit: Hit): void {
    const found = this.hits.get(hit.session) ?? [];
    found.push(hit);
    this.hits.set(hit.session, found);
  }
}

function standingAt(work: WorkEntry): Standing {
  return {
    lastWork: work,
    furthest: stepRank(published, work.step),
    execution: work.execution,
    victim: null,
    lasting: null,
    outages: [],
    unresumed: [],
    zombies: new Set(),
  };
}

/** Whether this is what a zombie still does for a session that was taken over from it, and not the session's own progress. */
function isLate(work: WorkEntry, { zombies, furthest, execution }: Standing): boolean {
  if (!zombies.has(work.worker)) return false;
  return work.kind === "begin" ? stepRank(published, work.step) < furthest : work.execution !== execution;
}

function impactsOf(history: History, hits: ReadonlyMap<string, readonly Hit[]>): readonly FaultImpact[] {
  const byFault = new Map<FaultEntry, Hit[]>(history.faults.map((fault) => [fault, []]));
  for (const ofSession of hits.values()) for (const hit of ofSession) byFault.get(hit.fault)?.push(hit);
  return [...byFault].map(([fault, found]) => {
    return {
      fault,
      interrupted: found.filter((hit): hit is WorkHit => hit.kind === "interrupted"),
      leftWaiting: found.filter((hit): hit is WorkHit => hit.kind === "left-waiting"),
      effective: found.length > 0,
    };
  });
}

function sessionsHeldBy(heldBy: Map<Incarnation, Set<string>>, worker: Incarnation): Set<string> {
  const held = heldBy.get(worker) ?? new Set();
  heldBy.set(worker, held);
  return held;
}
