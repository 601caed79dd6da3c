/**
 * When whose clock was wrong, and what an engine lets that do. A clock that is set wrong jumps twice: by `byMs` when the fault
 * begins, and back when it ends. All times are the world's, whose clock is right.
 *
 *     early by up to |byMs|   ahead:    jumps forward ├────────────┤ back        a deadline that it tells the coming of
 *     late by up to |byMs|    behind:   jumps back    ├────────────┤ forward     the same
 *     late by up to |byMs|    ahead:          forward ├── M ───────┤ back        a wait that began while it was ahead
 *     leases lapse            for whom they are told by it, at each jump
 */
import type { EntryOf, Incarnation } from "../world/entry.ts";
import type { LastingFault } from "./outages.ts";

type FaultEntry = EntryOf<"fault">;

export const clockOwners = ["worker", "store"] as const;
export type ClockOwner = (typeof clockOwners)[number];

/** By whose clocks an engine tells what, so that a wrong one may change it. */
export interface EngineClocks {
  /** Whose clock being ahead wakes sessions early. */
  readonly early: readonly ClockOwner[];
  /** Whose clock, jumping back, wakes them late. */
  readonly late: readonly ClockOwner[];
  /** Whose clock's jumps let leases lapse. */
  readonly leases: readonly ClockOwner[];
  /** Whether a clock of its store that is set back stands still until the time is where it was. */
  readonly storeNeverRunsBack?: true;
  /** For how long its store knows a session that has ended, by its own clock, ms; for good, where it is left out. */
  readonly remembersForMs?: number;
}

/** Of an engine that does not say. */
export const anyClocks: EngineClocks = {
  early: clockOwners,
  late: clockOwners,
  leases: clockOwners,
  storeNeverRunsBack: true,
};

/** Of one whose store alone knows the time. */
export const storesAlone: EngineClocks = { early: ["store"], late: ["store"], leases: ["store"] };

/** A clock that was wrong for a time. */
export interface ClockShift {
  readonly fault: FaultEntry;
  readonly owner: ClockOwner;
  /** Whose, where they are workers'. */
  readonly slots: readonly number[];
  readonly byMs: number;
  readonly fromMs: number;
  /** Null where it was never set right. */
  readonly toMs: number | null;
}

/** The faults among these that set a clock wrong, in order of time. Pure. */
export function clockShiftsOf(lastingFaults: readonly LastingFault[]): readonly ClockShift[] {
  return lastingFaults.flatMap(({ fault, fromMs, toMs }): readonly ClockShift[] => {
    const { shift } = fault;
    if (shift === undefined) return [];
    const { slots, ofStore = false, byMs, stays = false } = shift;
    const common = { fault, slots, byMs, fromMs, toMs: stays ? null : toMs };
    return [
      ...(ofStore ? [{ ...common, owner: "store" } as const] : []),
      ...(slots.length > 0 ? [{ ...common, owner: "worker" } as const] : []),
    ];
  });
}

/** When a session was marked idle, was due to wake, and woke; times are ms. */
interface Waited {
  readonly markedIdleAt: number;
  readonly dueAt: number;
  readonly cameAt: number;
  readonly leaseMs: number;
}

/** What a session landed, and when its starts were acknowledged. */
interface Ended {
  readonly landed: readonly EntryOf<"landed" | "suppressed">[];
  readonly starts: readonly EntryOf<"started">[];
}

interface Shifted {
  readonly clockShifts: readonly ClockShift[];
}

/** By how much a session may be woken early that was marked idle at the one time and woke at the other, ms. Pure. */
export function mayBeEarlyByMs(
  { clockShifts }: Shifted,
  clocks: EngineClocks,
  markedIdleAt: number,
  wokenAt: number,
): number {
  const ahead = clockShifts.filter(
    (shift) =>
      clocks.early.includes(shift.owner) &&
      shift.byMs > 0 &&
      shift.fromMs <= wokenAt &&
      wrongUntil(shift, clocks, wokenAt) >= markedIdleAt,
  );
  return Math.max(0, ...ahead.map(({ byMs }) => byMs));
}

/**
 * The deadline of a session that was marked idle then, as late as clocks that jumped back may have made it: in its wait, or until
 * somebody woke it, within a lease after its deadline. Pure.
 */
export function latestDeadline(
  { clockShifts }: Shifted,
  clocks: EngineClocks,
  { markedIdleAt, dueAt, cameAt, leaseMs }: Waited,
): number {
  let latest = dueAt;
  for (const shift of clockShifts) {
    const { owner, byMs, fromMs, toMs } = shift;
    const jumpedBackAt = byMs < 0 ? fromMs : toMs;
    if (!clocks.late.includes(owner) || jumpedBackAt === null) continue;
    // One that is behind may be so already when the wait begins.
    const isInTime = fromMs < latest + leaseMs && fromMs < cameAt;
    if (isInTime && wrongUntil(shift, clocks, latest) >= markedIdleAt) latest += Math.abs(byMs);
  }
  return latest;
}

/** Until when a clock tells a wrong time: one that never runs back stands still, once it is set right, for as long as it was ahead. */
function wrongUntil(
  { owner, byMs, toMs }: ClockShift,
  { storeNeverRunsBack }: EngineClocks,
  unlessEnded: number,
): number {
  const standsStillMs = owner === "store" && storeNeverRunsBack ? Math.max(0, byMs) : 0;
  return (toMs ?? unlessEnded) + standsStillMs;
}

/** Whether a caller came back to a session when, by the store's clock, it had ended for longer than it is known. Pure. */
export function isCalledTooLate(session: Ended, shifted: Shifted, clocks: EngineClocks): boolean {
  const expiredAt = expiryOf(session, shifted, clocks);
  return expiredAt !== null && session.starts.some(({ at }) => at > expiredAt);
}

/** When a session that had ended was, by the store's clock, no longer known; null where that was never. Pure. */
export function expiryOf(
  { landed }: Pick<Ended, "landed">,
  { clockShifts }: Shifted,
  { remembersForMs = Number.POSITIVE_INFINITY }: EngineClocks,
): number | null {
  const jump = clockShifts.find(
    ({ owner, byMs, fromMs }) =>
      owner === "store" &&
      byMs >= remembersForMs &&
      landed.some(({ effect, at }) => effect === "write-audit" && at < fromMs),
  );
  return jump?.fromMs ?? null;
}

/** By how much they may have delayed any session altogether, ms. Pure. */
export function delayedByMs({ clockShifts }: Shifted, { late, leases }: EngineClocks): number {
  return clockShifts
    .filter(({ owner }) => late.includes(owner) || leases.includes(owner))
    .filter(({ byMs, toMs }) => byMs < 0 || toMs !== null) // each jumps back once, unless it stays ahead
    .reduce((sum, { byMs }) => sum + Math.abs(byMs), 0);
}

/** When a clock jumped by which the leases of this worker are told, and the fault behind it. Pure. */
export function leaseJumpsOn(
  worker: Incarnation,
  { clockShifts }: Shifted,
  { leases }: EngineClocks,
): readonly { readonly fault: FaultEntry; readonly at: number }[] {
  return clockShifts
    .filter(
      ({ owner, slots }) => leases.includes(owner) && (owner === "store" || slots.includes(slotOf(worker))),
    )
    .flatMap(({ fault, fromMs, toMs }) =>
      [fromMs, ...(toMs === null ? [] : [toMs])].map((at) => ({ fault, at })),
    );
}

/** The slot of an incarnation such as `w1#3`. */
export function slotOf(worker: Incarnation): number {
  return Number.parseInt(worker.slice(1), 10);
}
