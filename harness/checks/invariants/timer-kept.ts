/**
 * A crash in the wait must not restart the clock, and no wake-up may be lost. The wake is the first `begin` of `expire`.
 * The deadline D is the last `mark-idle` that landed before it plus the idle timeout. M is mark-idle, E the wake, ✗ the
 * death of whoever marked the session idle, R the moment from which a restarted clock would count:
 *
 *     kept                 M───────────────── idle ────────────D·E
 *     a crash in the wait  M────────────✗R    the same ────────D·E        exposed: R is four leases or more after M
 *     restarted: violated  M────────────✗R────────── idle ─────D──────E   later than D′ + 3 leases
 *     too soon to tell     M──✗R────────────── idle ───────────D──E       R is so soon that a restarted clock is hardly late
 *     called in the wait   M─────────── call ─ idle ────────────D──────E   as if restarted by the call, and violated likewise
 *     nobody there         M────✗ ··· outage ··················D···R·E    D moves to the end of the outage: D′
 *     hit in the wake      M───────────────── idle ────────────D ✗ ✗  E   two faults in the wake: undecided
 *     lost: violated       M───────────────── idle ────────────D ··· 10 leases, 10 s at least ··· E, or never
 *
 * How prompt a wake was is not judged, only measured (`recovery`): a machine with too few cores is late by itself.
 *
 * - D′ is D, later by as much as a clock jumped back by which the engine tells that it has come, and moved to the end of each outage, and of each pause or partition of a worker, that runs at D′, or begins
 *   before the wake and within a lease after D′, or after a step of the session was begun again: nobody could wake the session, or whoever had taken it stood still.
 * - R is the `begin` of `mark-idle` by another incarnation, the end of an outage, or the death of whoever marked the session
 *   idle. With R so late that a restarted clock would come four leases after D′, or later, the session is exposed. The
 *   death of a bystander exposes nobody. A caller that comes so late in the wait exposes nobody either, since no fault did it; but
 *   a clock that is restarted by it is as wrong.
 * - Whoever wakes the session can die of it, and the next one too: each costs a lease. A late session whose wake two such
 *   faults may have hit, the first from shortly before D on, is undecided, and so is one whose workers all stalled over it, one
 *   of which the store forgot that it was marked idle, or of which no R tells why it is late: not exposed, and counted.
 */
import type { FaultEntry, History, SessionHistory } from "../../history/history.ts";
import { isDoneToAll, outagesWithin } from "../../history/outages.ts";
import type { Invariant, Judged, JudgedSession } from "../invariant.ts";
import { misclockedInWait, sessionBySession } from "../session-by-session.ts";
import { wasStarved } from "../starved.ts";
import { type Wake, wakeOf } from "../wake.ts";

/** A restarted clock must come so much later than D′, in leases, for a session to be exposed. */
const exposedFromLeases = 4;
/** An exposed session is late from here on, in leases after D′: a lease for whoever died, half of one to notice, and as much again. */
const lateFromLeases = 3;
/** So long may it take until a session is taken over: whoever died so shortly before the deadline may have delayed the wake beyond it. */
const takeoverLeases = 1.5;
/** Any session's wake is lost from here on, though a slow retry may still repair it; in leases after D′, and in ms. */
const lostAfterLeases = 10;
const lostAfterAtLeastMs = 10_000;

type Setting = Pick<Judged, "history" | "leaseMs" | "clocks" | "law">;

export const timerKept: Invariant<"timer-kept"> = sessionBySession({
  id: "timer-kept",
  sentence: "neither a crash in the wait nor a caller restarts the clock, and no wake-up is lost",
  exposure: (session, judged) => wakeJudged(session, judged)?.exposedBy ?? [],
  isUndecided: (session, judged) => {
    const found = wakeJudged(session, judged);
    if (found === null) return false;
    return found.isLate && !found.isLost && !found.isRestarted;
  },
  *violations(session, judged) {
    const found = wakeJudged(session, judged);
    if (found === null) return;
    const { wake, isLost, isRestarted } = found;
    if (!isLost && !isRestarted) return;
    const { begun, markedIdle, dueAt, possibleFrom, cameAt } = wake;
    const excused = possibleFrom === dueAt ? "" : ` (${cameAt - possibleFrom} ms after somebody could)`;
    const late = `${cameAt - dueAt} ms after its deadline${excused}`;
    if (begun !== undefined) yield { what: `began to expire ${late}`, evidence: [markedIdle, begun] };
    else if (session.starts.length > 0)
      yield { what: `had not begun to expire ${late}`, evidence: [markedIdle] };
  },
});

interface JudgedWake {
  readonly wake: Wake;
  readonly isLate: boolean;
  readonly isLost: boolean;
  /** Whether it is late as if its clock had been restarted by a fault, or by a caller. */
  readonly isRestarted: boolean;
  /** The faults of which a restarted clock would show, by id; none where the wake is late for another reason. */
  readonly exposedBy: readonly string[];
}

/** Null where the session never came to its wait. */
function wakeJudged(session: JudgedSession, setting: Setting): JudgedWake | null {
  const wake = wakeOf(session, setting);
  if (wake === null) return null;
  const lateMs = wake.cameAt - wake.possibleFrom;
  const isLate = lateMs > lateFromLeases * setting.leaseMs;
  const isLost = lateMs > Math.max(lostAfterLeases * setting.leaseMs, lostAfterAtLeastMs);
  const hasOtherReason =
    isLate && (twoFaultsHit(wake, setting) || allStalled(wake, setting) || isForgotten(wake, setting));
  const exposedBy = hasOtherReason
    ? []
    : [...restartsOf(wake, session, setting), ...misclockedInWait(session)];
  const isCalled = !hasOtherReason && session.calls.some(({ at }) => isShown(at, wake, setting));
  return { wake, isLate, isLost, isRestarted: isLate && (isCalled || exposedBy.length > 0), exposedBy };
}

/** Whether a clock that was restarted then would show. */
function isShown(
  at: number,
  { markedIdle, dueAt, possibleFrom, cameAt }: Wake,
  { leaseMs }: Setting,
): boolean {
  return at >= markedIdle.at + exposedFromLeases * leaseMs + (possibleFrom - dueAt) && at < cameAt;
}

/** What would have made a restarted clock so late that it shows, each by the fault behind it; empty where nothing did. */
function restartsOf(wake: Wake, { begins }: SessionHistory, setting: Setting): readonly string[] {
  const { markedIdle, cameAt } = wake;
  const { history } = setting;
  const since = begins.filter(({ step, at }) => step === "mark-idle" && at > markedIdle.at && at < cameAt);
  const again = since.filter(({ worker }) => worker !== markedIdle.worker);
  const marker = history.workers.get(since.at(-1)?.worker ?? markedIdle.worker);
  const restarts: readonly { readonly at: number; readonly fault: FaultEntry | null | undefined }[] = [
    ...again.map(({ at }) => ({ at, fault: faultOn(markedIdle.worker, at, history) })),
    ...outagesWithin(history, markedIdle.at, cameAt)
      .filter(({ fromMs }) => fromMs > markedIdle.at)
      .map(({ toMs, fault }) => ({ at: toMs ?? history.endsAt, fault })),
    ...(marker?.killedBy == null ? [] : [{ at: marker.death?.at ?? cameAt, fault: marker.killedBy }]),
  ];
  const shown = restarts
    .filter(({ at }) => isShown(at, wake, setting))
    .map(({ fault }) => fault?.fault ?? unknownCause);
  return [...new Set(shown)];
}

/** Of a restart that no fault explains, such as that of a worker which stalled. */
const unknownCause = "none";

/** The last fault that a worker suffered until then. */
function faultOn(worker: string, untilMs: number, { workers }: History): FaultEntry | undefined {
  return workers.get(worker)?.faults.findLast(({ at }) => at <= untilMs);
}

/** Whether the store may have forgotten that the session was marked idle: whoever does it again counts from then. */
function isForgotten({ markedIdle: { at } }: Wake, { history: { forgettings } }: Setting): boolean {
  return forgettings.some(({ fromMs, toMs }) => fromMs <= at && at <= toMs);
}

/** Whether two faults may have hit the wake: each costs a lease. */
function twoFaultsHit({ dueAt, possibleFrom, cameAt }: Wake, { history, leaseMs }: Setting): boolean {
  const strikes = history.faults.filter(
    (fault) =>
      fault.at >= dueAt - takeoverLeases * leaseMs &&
      fault.at < cameAt &&
      (fault.workers.length > 0 || isDoneToAll(fault)),
  );
  return strikes.some(
    ({ at }, index) =>
      at < possibleFrom + leaseMs && (strikes[index + 1]?.at ?? Number.POSITIVE_INFINITY) <= at + 2 * leaseMs,
  );
}

/** Whether some were there between D′ and the wake, and each of them stalled. */
function allStalled({ possibleFrom, cameAt }: Wake, { history, leaseMs }: Setting): boolean {
  const there = [...history.workers.values()].filter(
    ({ ready, death }) => ready !== null && ready.at < cameAt && (death?.at ?? cameAt) > possibleFrom,
  );
  return there.length > 0 && there.every((life) => wasStarved(life, possibleFrom, cameAt, leaseMs));
}
