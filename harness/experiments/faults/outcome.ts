/** From the run of one kind of fault to what it did: what was lost, refused, done again, early or late. Pure. */
import type { VerdictValue } from "../../checks/verdict.ts";
import { wakeOf } from "../../checks/wake.ts";
import { forgottenWith } from "../../history/forgets.ts";
import type { History, SessionHistory } from "../../history/history.ts";
import { published } from "../../history/law.ts";
import { isDoneToAll, type LastingFault, stopsVictims } from "../../history/outages.ts";
import type { PlayedPlan } from "../../run/play-plan/play-plan.ts";
import type { FaultOutcome } from "./rows.ts";
import type { FaultRun } from "./runs.ts";

/** A verdict on an invariant that a target may promise. */
export interface JudgedGuarantee {
  readonly guaranteed: boolean;
  readonly verdict: VerdictValue;
}

const onItsWayMs = 100; // what a worker had in its hands when a fault came

export function outcomeOf(
  { target: { name: target }, plan, analysis }: PlayedPlan,
  run: FaultRun,
  guarantees: readonly JudgedGuarantee[],
): FaultOutcome {
  const { history, exposure, settings } = analysis;
  const sessions = [...history.sessions.values()];
  const inLag = sessions.filter(({ starts: [first] }) => first !== undefined && isInLag(first.at, history));
  const lost = inLag.filter((session) => forgottenWith(session, history) !== null);
  const ranAgain = sessions.filter(isRunAgain);
  const repeated = sessions.filter(
    ({ begins }) => new Set(begins.map(({ step }) => step)).size < begins.length,
  );
  const naive = new Set(
    plan.sessions.filter(({ mode }) => mode === "naive").map(({ sessionId }) => sessionId),
  );
  const doubled = sessions.filter((session) => naive.has(session.session) && isDoubled(session));
  const wakes = sessions.flatMap((session) => {
    const wake =
      forgottenWith(session, history) === null
        ? wakeOf(session, { history, law: published, ...settings })
        : null;
    return wake?.begun === undefined ? [] : [{ session, byMs: wake.cameAt - wake.dueAt }];
  });
  const byLateness = wakes.toSorted((a, b) => a.byMs - b.byMs);
  const [earliest, latest] = [byLateness.at(0), byLateness.at(-1)];
  const afterEach = resumptions(history);
  const resumed = afterEach.filter((time) => time !== null);
  const firstHit = sessions.find(({ session }) => exposure.hits.has(session));
  return {
    ...emptyOutcome(target, run),
    injected: exposure.faults.length,
    hit: exposure.hits.size,
    acknowledged: inLag.length,
    lost: lost.length,
    lostWithToken: lost.filter(({ session }) => hasToken(session, history)).length,
    refused: sessions.filter(({ entries }) => entries.some(({ kind }) => kind === "start-failed")).length,
    ranAgain: ranAgain.length,
    repeated: repeated.length,
    doubledWithoutKeys: doubled.length,
    earlyMs: Math.max(0, -(earliest?.byMs ?? 0)),
    lateMs: Math.max(0, latest?.byMs ?? 0),
    resumedMs: resumed.length === 0 ? null : Math.max(...resumed),
    stuck: afterEach.length - resumed.length,
    promised: guarantees.length,
    held: guarantees.filter(({ verdict }) => verdict === "pass").length,
    violated: guarantees.filter(({ verdict }) => verdict === "fail").length,
    story: (lost[0] ?? ranAgain[0] ?? repeated[0] ?? latest?.session ?? firstHit)?.session ?? null,
  };
}

/** Of a run that a target cannot play. */
export function notPlayed(target: string, run: FaultRun, why: string): FaultOutcome {
  return { ...emptyOutcome(target, run), notTaken: why };
}

function emptyOutcome(target: string, { name, kind, says }: FaultRun): FaultOutcome {
  return {
    target,
    run: name,
    kind,
    says,
    notTaken: null,
    injected: 0,
    hit: 0,
    acknowledged: 0,
    lost: 0,
    lostWithToken: 0,
    refused: 0,
    ranAgain: 0,
    repeated: 0,
    doubledWithoutKeys: 0,
    earlyMs: 0,
    lateMs: 0,
    resumedMs: null,
    stuck: 0,
    promised: 0,
    held: 0,
    violated: 0,
    story: null,
  };
}

function isInLag(at: number, { forgettings }: History): boolean {
  return forgettings.some(({ fault, fromMs }) => fromMs <= at && at <= fault.at);
}

/** Whether it had come to its end when some step of it began. */
function isRunAgain({ begins, landed }: SessionHistory): boolean {
  const end = landed.find(({ effect }) => effect === "write-audit");
  return end !== undefined && begins.some(({ at, step }) => at > end.at && step !== end.step);
}

function isDoubled({ landed }: SessionHistory): boolean {
  return new Set(landed.map(({ step, effect }) => `${step} ${effect}`)).size < landed.length;
}

function hasToken(session: string, { inspections: { world } }: History): boolean {
  return (
    world?.residue.some((residue) => residue.session === session && residue.what.includes("token")) ?? false
  );
}

/** How long it took after each fault that stopped somebody until its victims began something; null where they never did, though there was work. */
function resumptions(history: History): readonly (number | null)[] {
  return history.lastingFaults
    .filter(({ fault }) => isDoneToAll(fault) || stopsVictims(fault))
    .flatMap((lasting) => resumedAfterMs(lasting, history));
}

/** Empty where there was nothing to do any more. */
function resumedAfterMs(
  { fault, fromMs, toMs }: LastingFault,
  { entries, endsAt }: History,
): readonly (number | null)[] {
  const everybody = isDoneToAll(fault);
  const since = everybody ? (toMs ?? endsAt) : fromMs;
  const begins = entries
    .filter((entry) => entry.kind === "begin")
    .filter(({ at }) => at >= since + (everybody ? 0 : onItsWayMs));
  const own = begins.find(({ worker }) => everybody || fault.workers.includes(worker));
  if (own !== undefined) return [own.at - since];
  return begins.some(({ at }) => at > (toMs ?? endsAt)) ? [null] : [];
}
