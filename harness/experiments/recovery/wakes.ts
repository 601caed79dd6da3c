/** How late sessions woke from their idle window, by what befell the workers or the store in the meantime. Pure. */

import { wakeOf } from "../../checks/wake.ts";
import type { Analysis } from "../../history/analysis.ts";
import type { History } from "../../history/history.ts";
import { published } from "../../history/law.ts";
import { isDoneToAll } from "../../history/outages.ts";
import { percentilesOf } from "../../run/percentiles.ts";
import type { WakeRow } from "./rows.ts";

/** Of a wait in which nothing was done to any worker or the store. */
const noFault = "none";

/** Measured from the deadline itself, also where clocks excuse that a session woke later. */
const byRightClocks = { clocks: { early: [], late: [], leases: [] }, law: published } as const;

/** A row for each kind of fault; a session counts for every kind that came in its wait. */
export function wakeRows(
  target: string,
  { history, settings: { leaseMs } }: Analysis,
  leaseIsDefault = false,
): WakeRow[] {
  const latenessByKind = new Map<string, number[]>();
  for (const session of history.sessions.values()) {
    const wake = session.calls.length === 0 ? null : wakeOf(session, { ...byRightClocks, history, leaseMs });
    if (wake?.begun === undefined) continue;
    const lateMs = Math.max(0, wake.cameAt - wake.possibleFrom);
    const kinds = kindsWithin(history, wake.markedIdle.at, wake.cameAt);
    for (const kind of kinds.size === 0 ? [noFault] : kinds)
      latenessByKind.set(kind, [...(latenessByKind.get(kind) ?? []), lateMs]);
  }
  return [...latenessByKind].map(([faultKind, latenessMs]) => ({
    target,
    faultKind,
    leaseMs,
    leaseIsDefault,
    wakes: latenessMs.length,
    ...percentilesOf(latenessMs),
  }));
}

function kindsWithin({ faults, clockShifts }: History, fromMs: number, toMs: number): ReadonlySet<string> {
  const struck = faults.filter(
    (fault) => fault.at >= fromMs && fault.at < toMs && (fault.workers.length > 0 || isDoneToAll(fault)),
  );
  const wrong = clockShifts.filter((shift) => shift.fromMs < toMs && (shift.toMs ?? toMs) > fromMs);
  return new Set([...struck, ...wrong.map(({ fault }) => fault)].map(({ faultKind }) => faultKind));
}
