/**
 * Which fault hit which session. A verdict is worth as much as the harm that it survived, so this says,
 * fault by fault, whom it really hit: a kill that met nobody proves nothing.
 *
 * Two ways to be hit. *Interrupted*: the session's last work before the victim's death was the victim's, and its
 * next is somebody else's. *Left waiting*: the session was in its wait when a fault left no worker at all.
 * A session in its wait is not interrupted by the death of the worker that marked it idle, because nothing
 * of it ran there; that it was in its wait is seen by what comes next, the first `begin` of `expire`.
 */
import type { Step } from "../../implementations/session/steps.ts";
import type { FaultKind, Incarnation } from "./entry.ts";
import type { FaultEntry, History, Outage, WorkEntry, WorkerLife } from "./history.ts";

/** A session hit by a fault. */
export interface Hit {
  readonly session: string;
  readonly kind: "interrupted" | "left-waiting";
  readonly fault: FaultEntry;
  /** When it was hit, ms: at the victim's death, or when the outage began. The fault was ordered a moment before. */
  readonly at: number;
  /** The session's last work before that. */
  readonly lastWork: WorkEntry;
  /** The step of `lastWork`; a session left waiting had come to `mark-idle`. */
  readonly step: Step;
  /** When the session's next work came, ms; null where none ever came. */
  readonly resumedAt: number | null;
}

/** What one fault did. A fault that hit nobody is not effective: it is idle. */
export interface FaultImpact {
  readonly fault: FaultEntry;
  readonly interrupted: readonly Hit[];
  readonly leftWaiting: readonly Hit[];
  readonly effective: boolean;
}

export interface Exposure {
  /** In the order in which the faults were injected. */
  readonly faults: readonly FaultImpact[];
  /** By session, in order of time; a session that nothing hit is not in it. */
  readonly hits: ReadonlyMap<string, readonly Hit[]>;
}

/** Where a session stands while the history is read. */
interface Standing {
  lastWork: WorkEntry;
  /** The killed worker that did `lastWork`. */
  victim: WorkerLife | null;
  /** Outages since `lastWork`, should it turn out that the session waits. */
  readonly outages: Outage[];
}

/** Finds every hit. Pure; one pass over the history, plus one step per session that an outage finds waiting. */
export function exposureOf(history: History): Exposure {
  const standings = new Map<string, Standing>();
  const heldBy = new Map<Incarnation, Set<string>>();
  const perhapsWaiting = new Set<string>();
  const outageAt = new Map(history.outages.map((outage) => [outage.beganWith, outage]));
  const hits = new Map<string, Hit[]>();

  const take = (work: WorkEntry): void => {
    const standing = standings.get(work.session);
    if (standing === undefined) {
      standings.set(work.session, { lastWork: work, victim: null, outages: [] });
    } else {
      // What the victim had sent before it died may land after its exit was seen; that is not a return.
      const sentBeforeDeath = standing.victim?.worker === work.worker;
      if (!sentBeforeDeath) {
        if (standing.victim !== null || standing.outages.length > 0) {
          recordHits(hits, standing, work.kind === "begin" && work.step === "expire", work.at);
          standing.outages.length = 0;
        }
        standing.victim = null;
      }
      if (standing.lastWork.worker !== work.worker)
        heldBy.get(standing.lastWork.worker)?.delete(work.session);
      standing.lastWork = work;
    }
    sessionsHeldBy(heldBy, work.worker).add(work.session);
    if (isMarkedIdle(work)) perhapsWaiting.add(work.session);
    else perhapsWaiting.delete(work.session);
  };

  const die = (victim: WorkerLife): void => {
    if (victim.killedBy === null) return;
    for (const session of heldBy.get(victim.worker) ?? []) {
      const standing = standings.get(session);
      if (standing !== undefined) standing.victim ??= victim;
    }
  };

  for (const entry of history.entries) {
    if (entry.kind === "begin" || entry.kind === "landed" || entry.kind === "suppressed") take(entry);
    else if (entry.kind === "exited" || entry.kind === "fault") {
      for (const worker of entry.kind === "fault" ? entry.workers : [entry.worker]) {
        const life = history.workers.get(worker);
        if (life?.death === entry) die(life);
      }
      const outage = outageAt.get(entry);
      if (outage !== undefined)
        for (const session of perhapsWaiting) standings.get(session)?.outages.push(outage);
    }
  }
  for (const standing of standings.values()) {
    // Nothing came after. Had it marked itself idle, it waits for ever; had it written its audit row, it was done.
    if (!isLastEffect(standing.lastWork)) recordHits(hits, standing, isMarkedIdle(standing.lastWork), null);
  }
  return { faults: impactsOf(history, hits), hits };
}

/** From a fault to the next execution of a session that it interrupted. */
export interface Recovery {
  readonly hit: Hit;
  /** From the fault's injection to the session's next work by another incarnation, or as long as it was observed, ms. */
  readonly recoveryMs: number;
  /**
   * True where the interval was cut short: another fault left no worker who could have taken the session over
   * meanwhile, or the session never came back. It is counted, but is no measurement of recovery.
   */
  readonly censored: boolean;
}

/** The recovery of every interruption, by kind of fault. Pure. */
export function recoveriesOf(
  history: History,
  exposure: Exposure,
): ReadonlyMap<FaultKind, readonly Recovery[]> {
  const recoveries = new Map<FaultKind, Recovery[]>();
  for (const { fault, interrupted } of exposure.faults) {
    const ofKind = recoveries.get(fault.faultKind) ?? [];
    recoveries.set(fault.faultKind, ofKind);
    for (const hit of interrupted) {
      const observedUntil = hit.resumedAt ?? history.endsAt;
      const cut = history.outages.find(
        ({ fault: other, fromMs }) => other !== fault && fromMs > hit.at && fromMs < observedUntil,
      );
      const recoveryMs = (cut?.fromMs ?? observedUntil) - fault.at;
      ofKind.push({ hit, recoveryMs, censored: cut !== undefined || hit.resumedAt === null });
    }
  }
  return recoveries;
}

function recordHits(
  hits: Map<string, Hit[]>,
  standing: Standing,
  nextIsExpire: boolean,
  resumedAt: number | null,
): void {
  const { lastWork, victim, outages } = standing;
  const { session, step } = lastWork;
  const found: Hit[] = hits.get(session) ?? [];
  if (isMarkedIdle(lastWork) && nextIsExpire) {
    for (const { fault, fromMs } of outages) {
      if (fault !== null)
        found.push({ session, kind: "left-waiting", fault, at: fromMs, lastWork, step, resumedAt });
    }
  } else if (victim !== null && victim.killedBy !== null && victim.death !== null) {
    const at = victim.death.at;
    found.push({ session, kind: "interrupted", fault: victim.killedBy, at, lastWork, step, resumedAt });
  }
  if (found.length > 0) hits.set(session, found);
}

function impactsOf(history: History, hits: ReadonlyMap<string, readonly Hit[]>): readonly FaultImpact[] {
  const byFault = new Map<FaultEntry, { interrupted: Hit[]; leftWaiting: Hit[] }>();
  for (const fault of history.faults) byFault.set(fault, { interrupted: [], leftWaiting: [] });
  for (const ofSession of hits.values()) {
    for (const hit of ofSession) {
      const impact = byFault.get(hit.fault);
      (hit.kind === "interrupted" ? impact?.interrupted : impact?.leftWaiting)?.push(hit);
    }
  }
  return [...byFault].map(([fault, { interrupted, leftWaiting }]) => ({
    fault,
    interrupted,
    leftWaiting,
    effective: interrupted.length + leftWaiting.length > 0,
  }));
}

function sessionsHeldBy(heldBy: Map<Incarnation, Set<string>>, worker: Incarnation): Set<string> {
  const held = heldBy.get(worker) ?? new Set();
  heldBy.set(worker, held);
  return held;
}

function isMarkedIdle(work: WorkEntry): boolean {
  return work.kind !== "begin" && work.effect === "set-idle";
}

function isLastEffect(work: WorkEntry): boolean {
  return work.kind !== "begin" && work.effect === "write-audit";
}
