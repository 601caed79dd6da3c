/** From the ledgers of a run to what the page draws of them. Pure. */
import { specsThatMayHaveRun } from "../../checks/spec-that-ran.ts";
import { type Analysis, analysisOf } from "../../history/analysis.ts";
import { type History, indexHistory, type SessionHistory, type WorkerLife } from "../../history/history.ts";
import type { Ledger } from "../../history/history-file.ts";
import { isDoneToAll } from "../../history/outages.ts";
import { recoveriesOf } from "../../history/recovery.ts";
import type { Incarnation } from "../../world/entry.ts";
import { distilFault, distilSession, distilWorker } from "./distil-session.ts";
import { type Ranked, sampleOf } from "./sample.ts";
import type { CaseTimeline, RunTimeline, SessionTimeline, Timeline } from "./timeline-schema.ts";

/** A ledger that is drawn as a whole. */
export interface DrawnRun {
  readonly experiment: string;
  readonly target: string;
  /** Null where it is not known; then nobody can say whom a pause or a partition hit. */
  readonly leaseMs: number | null;
}

/** A session that is drawn by itself, with its workers. */
export interface DrawnCase {
  readonly experiment: string;
  readonly target: string;
  readonly session: string;
  /** Where faults may last: nobody can say without it whom they hit. */
  readonly leaseMs?: number | null;
}

/** A session that broke an invariant. */
interface Violating extends DrawnCase {
  readonly invariant: string;
  readonly guaranteed: boolean;
}

/** What of a run's ledgers is drawn. */
export interface Drawn {
  readonly runs: readonly DrawnRun[];
  readonly cases: readonly DrawnCase[];
  readonly violated: readonly Violating[];
}

/** On the whole page, whatever the number of runs: what a browser opens at once. */
const sessionsShown = 480;

export function timelineOf(ledgers: readonly Ledger[], { runs, cases, violated }: Drawn): Timeline {
  const isOf =
    ({ experiment, target }: Ledger) =>
    (each: Pick<DrawnRun, "experiment" | "target">) =>
      each.experiment === experiment && each.target === target;
  const whole = ledgers.flatMap((ledger) => {
    const run = runs.find(isOf(ledger));
    return run === undefined ? [] : [{ ledger, leaseMs: run.leaseMs }];
  });
  return {
    runs: whole.map(({ ledger, leaseMs }) =>
      runTimeline(ledger, leaseMs, violated.filter(isOf(ledger)), Math.floor(sessionsShown / whole.length)),
    ),
    cases: ledgers.flatMap((ledger) => caseTimelines(ledger, cases.filter(isOf(ledger)))),
  };
}

function runTimeline(
  { experiment, target, entries }: Ledger,
  leaseMs: number | null,
  violating: readonly Violating[],
  size: number,
): RunTimeline {
  const { history, exposure } = analysisOf(indexHistory(entries), { leaseMs: leaseMs ?? 0 });
  const startedAt = entries[0]?.at ?? 0;
  const violated = violatedBySession(violating);
  const sessions = [...history.sessions.values()];
  const isHit = (session: string) => exposure.hits.has(session);
  const ranked: Ranked<SessionHistory> = {
    violating: sessions.filter(({ session }) => violated.has(session)),
    hit: sessions.filter(({ session }) => !violated.has(session) && isHit(session)),
    others: sessions.filter(({ session }) => !violated.has(session) && !isHit(session)),
  };
  const sample = sampleOf(ranked, size);
  const shown = new Set([...sample.violating, ...sample.hit, ...sample.others]);
  const kept = (rank: keyof Ranked<unknown>) => ({ kept: sample[rank].length, of: ranked[rank].length });
  return {
    experiment,
    target,
    startedAt,
    leaseMs,
    lengthMs: history.endsAt - startedAt,
    workers: [...history.workers.values()].map((life) => distilWorker(life, startedAt)),
    faults: exposure.faults
      .filter(({ fault }) => fault.hits === undefined)
      .map((impact) => distilFault(impact, history, startedAt)),
    outages: history.outages.map(({ fromMs, toMs }) => ({
      fromMs: fromMs - startedAt,
      toMs: (toMs ?? history.endsAt) - startedAt,
    })),
    sessions: sessions
      .filter((session) => shown.has(session))
      .map((session) =>
        distilSession(
          session,
          exposure.hits.get(session.session) ?? [],
          violated.get(session.session) ?? [],
          startedAt,
        ),
      ),
    sampled: { violating: kept("violating"), hit: kept("hit"), others: kept("others") },
    recoveries: [...recoveriesOf(history, exposure)].flatMap(([faultKind, recoveries]) =>
      recoveries.map(({ recoveryMs, censored }) => ({ faultKind, recoveryMs, censored })),
    ),
    latenessMs: splitBy(isHit, sessions, latenessOf),
    busyMs: splitBy(isHit, sessions, busyOf),
  };
}

function violatedBySession(
  violating: readonly Violating[],
): ReadonlyMap<string, SessionTimeline["violated"]> {
  const bySession = Map.groupBy(violating, ({ session }) => session);
  return new Map(
    [...bySession].map(([session, rows]) => [
      session,
      rows.map(({ invariant, guaranteed }) => ({ invariant, guaranteed })),
    ]),
  );
}

function splitBy(
  isHit: (session: string) => boolean,
  sessions: readonly SessionHistory[],
  figureOf: (session: SessionHistory) => number | null,
): RunTimeline["latenessMs"] {
  const split: { hit: number[]; others: number[] } = { hit: [], others: [] };
  for (const session of sessions) {
    const figure = figureOf(session);
    if (figure !== null) split[isHit(session.session) ? "hit" : "others"].push(Math.round(figure));
  }
  return split;
}

/** How much later than its deadline `expire` landed first, ms; null where it never did, or nobody knows when it was due. */
function latenessOf(session: SessionHistory): number | null {
  const { landed } = session;
  const expired = landed.find(({ effect }) => effect === "set-expired");
  const idle = landed.findLast(
    ({ effect, at }) => effect === "set-idle" && expired !== undefined && at <= expired.at,
  );
  const idleTimeoutMs = idleTimeoutOf(session);
  if (expired === undefined || idle === undefined || idleTimeoutMs === null) return null;
  return expired.at - idle.at - idleTimeoutMs;
}

/** From the first call to the first result, without the idle window, ms; null where there was no result, or nobody knows the window. */
function busyOf(session: SessionHistory): number | null {
  const [call, result] = [session.calls[0], session.results[0]];
  const idleTimeoutMs = idleTimeoutOf(session);
  return call === undefined || result === undefined || idleTimeoutMs === null
    ? null
    : result.at - call.at - idleTimeoutMs;
}

/** The idle window of the spec that ran: of several callers, not the first one's must have. Null where effects leave it open. */
function idleTimeoutOf(session: SessionHistory): number | null {
  if (session.calls.length === 0) return null;
  const [idleTimeoutMs, ...others] = new Set(specsThatMayHaveRun(session).map((spec) => spec.idleTimeoutMs));
  return idleTimeoutMs === undefined || others.length > 0 ? null : idleTimeoutMs;
}

function caseTimelines(ledger: Ledger, cases: readonly DrawnCase[]): readonly CaseTimeline[] {
  const [first] = cases;
  if (first === undefined) return [];
  const analysis = analysisOf(indexHistory(ledger.entries), { leaseMs: first.leaseMs ?? 0 });
  return cases.flatMap(({ session }) => caseTimeline(ledger, session, analysis));
}

function caseTimeline(
  { experiment, target }: Ledger,
  id: string,
  { history, exposure: { faults, hits } }: Analysis,
): readonly CaseTimeline[] {
  const session = history.sessions.get(id);
  if (session === undefined) return [];
  const lives = livesOf(session, history);
  const startedAt = Math.min(
    ...session.entries.slice(0, 1).map(({ at }) => at),
    ...lives.flatMap(({ spawned }) => (spawned === null || !isOwn(spawned.worker, id) ? [] : [spawned.at])),
  );
  const workers = lives.map((life) => distilWorker(life, startedAt));
  const names = new Set(lives.map(({ worker }) => worker));
  const lastAt = session.entries.at(-1)?.at ?? startedAt;
  const mine = faults.filter(
    ({ fault }) =>
      fault.workers.some((worker) => names.has(worker)) ||
      (isDoneToAll(fault) && fault.at >= startedAt && fault.at <= lastAt),
  );
  return [
    {
      experiment,
      target,
      startedAt,
      workers,
      lengthMs: Math.max(
        lastAt - startedAt,
        ...workers.map(({ worker, exitedMs }) => (isOwn(worker, id) ? (exitedMs ?? 0) : 0)),
      ),
      faults: mine.map((impact) => distilFault(impact, history, startedAt)),
      session: distilSession(session, hits.get(id) ?? [], [], startedAt),
    },
  ];
}

/** Whether it is a worker of this case alone. */
function isOwn(worker: Incarnation, id: string): boolean {
  return worker.startsWith(`${id}#`);
}

/** The workers that a session had to itself; where it shared them, those that worked for it. */
function livesOf({ session, work }: SessionHistory, { workers }: History): readonly WorkerLife[] {
  const own = [...workers.values()].filter(({ worker }) => isOwn(worker, session));
  if (own.length > 0) return own;
  return [...new Set(work.map(({ worker }) => worker))].flatMap((worker) => workers.get(worker) ?? []);
}
