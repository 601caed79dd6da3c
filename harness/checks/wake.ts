/**
 * When a session was due to wake from its idle window, from when on somebody could wake it, and when it woke. The wake is the
 * first `begin` of the step after the wait, `expire`; what it was due by is the last `mark-idle` that landed before it, plus the idle timeout.
 */
import { latestDeadline } from "../history/clocks.ts";
import type { BeginEntry, EffectEntry, History, SessionHistory, WorkEntry } from "../history/history.ts";
import { idleMsUnder } from "../history/law.ts";
import { outagesWithin, stopsEverything, stopsVictims } from "../history/outages.ts";
import type { Judged } from "./invariant.ts";
import { specsThatMayHaveRun } from "./spec-that-ran.ts";

type Setting = Pick<Judged, "history" | "leaseMs" | "clocks" | "law">;

/** When a session was due to expire, and when that began; without a wake, `cameAt` is the end of the history. Times are ms. */
export interface Wake {
  readonly markedIdle: EffectEntry;
  readonly begun: BeginEntry | undefined;
  /** The deadline: D in `timer-kept`. */
  readonly dueAt: number;
  /** The deadline, as late as clocks that jumped back made it, and moved to the end of whatever kept everybody, or whoever may have taken the wake, from it: D′. */
  readonly possibleFrom: number;
  readonly cameAt: number;
}

/** Null where the session never came to its wait. Pure. */
export function wakeOf(session: SessionHistory, { history, leaseMs, clocks, law }: Setting): Wake | null {
  const { work } = session;
  const isWake = (entry: WorkEntry): entry is BeginEntry =>
    entry.kind === "begin" && entry.step === law.wakesWith;
  const begun = work.find(isWake);
  const before = begun === undefined ? work : work.slice(0, work.indexOf(begun));
  const markedIdle = before.findLast(
    (entry): entry is EffectEntry => entry.kind === "landed" && entry.effect === "set-idle",
  );
  if (markedIdle === undefined) return null;
  const idleMs = Math.max(...specsThatMayHaveRun(session).map((spec) => idleMsUnder(law, spec)));
  const dueAt = markedIdle.at + idleMs;
  const cameAt = begun?.at ?? history.endsAt;
  const latest = latestDeadline(history, clocks, { markedIdleAt: markedIdle.at, dueAt, cameAt, leaseMs });
  const begins = before.filter(({ kind }) => kind === "begin").map(({ at }) => at);
  return {
    markedIdle,
    begun,
    dueAt,
    cameAt,
    possibleFrom: possibleFrom(latest, cameAt, begins, history, leaseMs),
  };
}

/** For how long one worker's broken connections can delay the wake of a session that it had taken, in leases. */
const hinderedLeases = 3;

/** D′. An absence that begins soon after the session was taken up again, at one of `begins`, kept it from whoever had done that. */
function possibleFrom(
  dueAt: number,
  cameAt: number,
  begins: readonly number[],
  history: History,
  leaseMs: number,
): number {
  const absences = [
    ...outagesWithin(history, dueAt, cameAt),
    ...history.lastingFaults
      .filter(({ fault }) => stopsVictims(fault) && fault.workers.length > 0)
      .map(({ fault, fromMs, toMs }) => ({
        fromMs,
        // Whoever is hindered and not stopped is missed, and others wake what it had taken, long before it is itself again.
        toMs: stopsEverything(fault)
          ? toMs
          : Math.min(toMs ?? history.endsAt, fromMs + hinderedLeases * leaseMs),
      })),
  ].map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? history.endsAt }));
  const takenUpAt = (atMs: number) => begins.findLast((begun) => begun <= atMs) ?? dueAt;
  let from = dueAt;
  for (;;) {
    const over = absences
      .filter(
        ({ fromMs, toMs }) =>
          fromMs < Math.max(from, takenUpAt(fromMs)) + leaseMs && fromMs < cameAt && toMs > from,
      )
      .map(({ toMs }) => toMs);
    if (over.length === 0) return from;
    from = Math.max(...over);
  }
}
