/** A session hit by a fault: what kinds of hits there are, and those on its callers. What a hit means stands in `exposure.ts`. */
import type { Step } from "../../implementations/session/steps.ts";
import { sendsCallers } from "../faults/kinds/faults.ts";
import { isAnswer } from "../world/entry.ts";
import { isMarkedIdle } from "./at-work.ts";
import { slotOf } from "./clocks.ts";
import type { FaultEntry, History, SessionHistory, WorkEntry } from "./history.ts";
import { firstIndexWhere, type LastingFault } from "./outages.ts";

/** A session hit by a fault, at `at` ms: the victim's death, or when the outage or the fault that lasts began. */
export type Hit = WorkHit | CallHit;

interface HitBase {
  readonly session: string;
  readonly fault: FaultEntry;
  readonly at: number;
}

/** A hit on the session's work. */
export interface WorkHit extends HitBase {
  readonly kind: "interrupted" | "left-waiting" | "drained" | "misclocked";
  /** The session's last work before that. */
  readonly lastWork: WorkEntry;
  /** The step of `lastWork`; a session left waiting had come to `mark-idle`. */
  readonly step: Step;
  /** When the session's next work came, ms; null where none ever came. */
  readonly resumedAt: number | null;
}

/** A hit that learns when the session went on. */
export type UnresumedHit = { -readonly [K in keyof WorkHit]: WorkHit[K] };

/** A hit on the session's callers. */
export interface CallHit extends HitBase {
  readonly kind: "raced" | "unheard";
}

/** A hit whose session has not gone on yet. */
export function workHit(
  kind: WorkHit["kind"],
  lastWork: WorkEntry,
  fault: FaultEntry,
  at: number,
): UnresumedHit {
  const { session, step } = lastWork;
  return { session, kind, fault, at, lastWork, step, resumedAt: null };
}

/** Races that took place, and clients cut off while a caller waited. */
export function* callHitsIn(history: History): Iterable<CallHit> {
  for (const fault of history.faults) {
    const session = sendsCallers(fault) ? history.sessions.get(fault.hits ?? "") : undefined;
    const [answered] = session?.results ?? [];
    const [, second] = session?.calls.filter(({ at }) => answered === undefined || at <= answered.at) ?? [];
    if (session !== undefined && second !== undefined)
      yield { session: session.session, kind: "raced", fault, at: second.at };
  }
  for (const lasting of history.lastingFaults) {
    const { fault, fromMs: at } = lasting;
    if (fault.client === undefined) continue;
    for (const session of history.sessions.values())
      if (isUnheard(session, lasting)) yield { session: session.session, kind: "unheard", fault, at };
  }
}

/**
 * Sessions at work on a worker whose clock, or whose store's, was set wrong, and those that waited then: any worker may wake
 * these. One of each session and clock, of its last work before that.
 */
export function* clockHitsIn({ clockShifts, sessions }: History): Iterable<WorkHit> {
  for (const { fault, owner, slots, fromMs: at } of clockShifts) {
    for (const { work } of sessions.values()) {
      const next = firstIndexWhere(work, (entry) => entry.at > at);
      const [lastWork, resumed] = [work[next - 1], work[next]];
      if (lastWork === undefined || resumed === undefined) continue;
      const isHit = owner === "store" || isMarkedIdle(lastWork) || slots.includes(slotOf(lastWork.worker));
      if (isHit) yield { ...workHit("misclocked", lastWork, fault, at), resumedAt: resumed.at };
    }
  }
}

/** Whether a caller of the session called from the client that was cut off, or waited there, while it was. */
function isUnheard({ calls, entries }: SessionHistory, { fault, fromMs, toMs }: LastingFault): boolean {
  return calls.some(
    ({ client, caller, at }) =>
      client === fault.client &&
      at <= (toMs ?? at) &&
      !entries.some((entry) => entry.at < fromMs && isAnswer(entry) && entry.caller === caller),
  );
}
