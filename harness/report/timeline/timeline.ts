/** From the ledgers of a run to what the page draws of them. Pure. */
import { specsThatMayHaveRun } from "../../checks/spec-that-ran.ts";
import { exposureOf } from "../../history/exposure.ts";
import { type History, indexHistory, type SessionHistory } from "../../history/history.ts";
import type { Ledger } from "../../history/history-file.ts";
import { recoveriesOf } from "../../history/recovery.ts";
import type { Results } from "../results-schema.ts";
import { distilFault, distilSession, distilWorker } from "./distil-session.ts";
import { type Ranked, sampleOf } from "./sample.ts";
import type { CaseTimeline, RunTimeline, SessionTimeline, Timeline } from "./timeline-schema.ts";

/** On the whole page, whatever the number of runs: what a browser opens at once. */
const sessionsShown = 480;

type Found = Pick<Results, "verdicts" | "recovery" | "crashMatrix">;

/** What the page shows of the history: the runs that were judged or measured, and the cases of the crash matrix. */
export function timelineOf(ledgers: readonly Ledger[], found: Found): Timeline {
  const judged = new Set(found.verdicts.map(({ experiment }) => experiment));
  const runs = ledgers.filter(
    ({ experiment }) => judged.has(experiment) || experiment.startsWith("recovery-"),
  );
  return {
    runs: runs.map((ledger) => runTimeline(ledger, found, Math.floor(sessionsShown / runs.length))),
    cases: ledgers
      .filter(({ experiment }) => experiment === "crash-matrix")
      .flatMap((ledger) => caseTimelines(ledger, found)),
  };
}

function runTimeline({ experiment, target, entries }: Ledger, found: Found, size: number): RunTimeline {
  const history = indexHistory(entries);
  const leaseMs = leaseOf(experiment, target, found);
  // Without a row of recovery no fault took a worker or the store away, and only of those the lease decides whom they hit.
  const exposure = exposureOf(history, leaseMs ?? 0);
  const startedAt = entries[0]?.at ?? 0;
  const violated = violatedBySession(experiment, target, found);
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
    ...{ experiment, target, startedAt, leaseMs, lengthMs: history.endsAt - startedAt },
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

function leaseOf(experiment: string, target: string, { recovery }: Found): number | null {
  const isDefault = experiment === "recovery-default-lease";
  return recovery.find((row) => row.target === target && row.leaseIsDefault === isDefault)?.leaseMs ?? null;
}

function violatedBySession(
  experiment: string,
  target: string,
  { verdicts }: Found,
): ReadonlyMap<string, SessionTimeline["violated"]> {
  const rows = verdicts.filter((row) => row.experiment === experiment && row.target === target);
  const found = rows.flatMap(({ invariant, guaranteed, violations }) =>
    violations.map(({ session }) => ({ session, violated: { invariant, guaranteed } })),
  );
  const bySession = Map.groupBy(found, ({ session }) => session);
  return new Map([...bySession].map(([session, of]) => [session, of.map(({ violated }) => violated)]));
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

function caseTimelines({ target, entries }: Ledger, { crashMatrix }: Found): readonly CaseTimeline[] {
  const history = indexHistory(entries);
  const exposure = exposureOf(history, 0); // nothing lasts here: workers die
  return crashMatrix
    .filter((row) => row.target === target)
    .flatMap(({ session }) => caseTimeline(target, session, history, exposure));
}

function caseTimeline(
  target: string,
  id: string,
  history: History,
  { faults, hits }: ReturnType<typeof exposureOf>,
): readonly CaseTimeline[] {
  const session = history.sessions.get(id);
  if (session === undefined) return [];
  const lives = [...history.workers.values()].filter(({ worker }) => worker.startsWith(`${id}#`));
  const startedAt = Math.min(
    ...session.entries.slice(0, 1).map(({ at }) => at),
    ...lives.flatMap(({ spawned }) => (spawned === null ? [] : [spawned.at])),
  );
  const workers = lives.map((life) => distilWorker(life, startedAt));
  const mine = faults.filter(({ fault }) => fault.workers.some((worker) => worker.startsWith(`${id}#`)));
  const lastAt = session.entries.at(-1)?.at ?? startedAt;
  return [
    {
      ...{ target, startedAt, workers },
      lengthMs: Math.max(lastAt - startedAt, ...workers.map(({ exitedMs }) => exitedMs ?? 0)),
      faults: mine.map((impact) => distilFault(impact, history, startedAt)),
      session: distilSession(session, hits.get(id) ?? [], [], startedAt),
    },
  ];
}
