/**
 * From the ledger of a target to what became of each session of each cell. A session is judged by the invariants, under the laws
 * that it may have kept: that of the version which it began with, that of the other one, and the first until the place where
 * the code changed and the second from there. No engine is asked. Pure.
 */
import { effectsOf, type Step } from "../../../implementations/session/steps.ts";
import type { invariants } from "../../checks/invariants/index.ts";
import { judge } from "../../checks/judge.ts";
import { wasStarved } from "../../checks/starved.ts";
import type { VerdictValue } from "../../checks/verdict.ts";
import { wakeOf } from "../../checks/wake.ts";
import type { Outcome } from "../../engines/upgrade.ts";
import { type Analysis, analysisOf } from "../../history/analysis.ts";
import { indexHistory, type SessionHistory } from "../../history/history.ts";
import { effectRank, isUnder, type Law, stepsUnder } from "../../history/law.ts";
import { groupOf } from "../../run/case.ts";
import type { CodeVersion, Entry, EntryOf } from "../../world/entry.ts";
import { type Cell, nameOf, placesOf, type SessionPlace, sessionOf } from "./cells.ts";
import { activityCount, changes, lawFrom, lawsOf, stepAt } from "./changes.ts";
import { backFault, changeFault } from "./play-cell.ts";
import type { UpgradeRow } from "./rows.ts";

type InvariantId = (typeof invariants)[number]["id"];

interface Found {
  /** Null where the cell says nothing of it. */
  readonly outcome: Outcome | null;
  readonly found: string;
}

/** One row for each session of each cell, from a ledger in which all cells are; linear in the ledger. */
export function upgradeRows(
  entries: readonly Entry[],
  target: string,
  {
    cells,
    attempt,
    leaseMs,
  }: { readonly cells: readonly Cell[]; readonly attempt: number; readonly leaseMs: number },
): readonly UpgradeRow[] {
  const inspected = entries.filter(({ kind }) => kind === "inspected");
  const groupsOf = new Map(
    cells.flatMap((cell) => placesOf(cell).map((place) => [sessionOf(cell, place), cell.id])),
  );
  const byCell = Map.groupBy(entries, (entry) => groupIn(entry, groupsOf));
  return cells.flatMap((cell) => {
    const own = [...(byCell.get(cell.id) ?? []), ...inspected];
    const analysis = analysisOf(indexHistory(own), { leaseMs });
    return placesOf(cell).map((place): UpgradeRow => {
      const declared = declaredOf(cell, place);
      const { outcome, found } = unlessStarved(outcomeOf(cell, place, analysis), declared, analysis);
      const { change, way, fleet } = cell;
      return {
        target,
        change,
        way,
        fleet,
        killed: cell.deaths !== null,
        killAt:
          cell.deaths === null && outcome !== null && went.includes(outcome)
            ? killAtOf(cell, place, analysis)
            : null,
        place,
        session: sessionOf(cell, place),
        outcome,
        found,
        declared,
        verdict: verdictOf(outcome, declared),
        playedAgain: attempt,
      };
    });
  });
}

/** The outcomes of sessions that went on after the change. */
const went: readonly Outcome[] = ["runs as new", "runs as old", "skipped"];

/** The worst moment for a worker to die after the change: something new has landed, and is not recorded yet. */
function killAtOf(cell: Cell, place: SessionPlace, { history }: Analysis): string | null {
  const change = history.faults.find(({ fault }) => fault === `${changeFault} of ${cell.id}`);
  if (change === undefined || place === "new") return null;
  const changedAt = history.entries.indexOf(change);
  const { from, to } = lawsOf(cell.change, cell.fleet);
  const landed = history.sessions.get(sessionOf(cell, place))?.landed ?? [];
  const first = landed.find(
    (landing) =>
      history.entries.indexOf(landing) > changedAt &&
      // Where both versions go on, nobody knows whose worker takes it.
      (cell.fleet === "forward" || (isUnder(from, landing.step) && isUnder(to, landing.step))),
  );
  return first === undefined ? null : nameOf(first);
}

/** Where a worker stalled that nobody faulted, what is not as declared says nothing. */
function unlessStarved(found: Found, declared: readonly Outcome[], { history, settings }: Analysis): Found {
  if (verdictOf(found.outcome, declared) !== "fail") return found;
  const starved = [...history.workers.values()].find((life) =>
    wasStarved(life, 0, history.endsAt, settings.leaseMs),
  );
  return starved === undefined
    ? found
    : inconclusive(`${found.outcome}, but worker ${starved.worker} stalled`);
}

/** What is declared of a session; of one that is started after the change, that it runs as new. Pure. */
function declaredOf({ declared }: Cell, place: SessionPlace): readonly Outcome[] {
  if (place === "new") return ["runs as new"];
  return [declared?.[place] ?? []].flat();
}

function verdictOf(outcome: Outcome | null, declared: readonly Outcome[]): VerdictValue {
  if (outcome === null) return "unknown";
  return declared.length === 0 || declared.includes(outcome) ? "pass" : "fail";
}

function groupIn(entry: Entry, groupsOf: ReadonlyMap<string, string>): string | null {
  if ("session" in entry) return groupsOf.get(entry.session) ?? null;
  if ("worker" in entry) return groupOf(entry.worker);
  const [worker] = entry.kind === "fault" ? entry.workers : [];
  return worker === undefined ? null : groupOf(worker);
}

/** What became of one session. */
function outcomeOf(cell: Cell, place: SessionPlace, analysis: Analysis): Found {
  const { history } = analysis;
  const session = history.sessions.get(sessionOf(cell, place));
  const at = (fault: string) => history.faults.find((entry) => entry.fault === `${fault} of ${cell.id}`);
  const change = at(changeFault);
  if (session === undefined || change === undefined) return inconclusive("the code was not changed");
  const before = new Set<Entry>(history.entries.slice(0, history.entries.indexOf(change)));
  const isBefore = (entry: Entry) => before.has(entry);
  const back = at(backFault);
  const { from, to } = lawsOf(cell.change, cell.fleet);
  if (
    place !== "new" &&
    !wasInPlace(place, session.landed.filter(isBefore), session.begins.filter(isBefore), from)
  )
    return inconclusive("it was not in its place when the code changed");

  const laws = place === "new" ? { from: to, to } : { from, to };
  const changed: Changed = { cell, place, session, analysis, ...laws, isBefore };
  const answer = session.results[0];
  const isRescued = answer !== undefined && back !== undefined && answer.at > back.at;
  const wrong = whatIsWrong(changed, isRescued);
  if (wrong !== null) return { outcome: "wrong", found: wrong };
  if (answer === undefined) return { outcome: "lost", found: whyLost(session) };
  const uncleaned = brokenUnder(changed, laws.from).filter(
    (id) => id === "cleaned-once" || id === "no-residue",
  );
  if (uncleaned.length > 0)
    return {
      outcome: "lost",
      found: `it has a result, but was not cleaned up: ${uncleaned.join(", ")} broken`,
    };
  if (isRescued) return whyStuck(session, change.at, back.at);
  if (cell.deaths !== null && !wasKilled(session))
    return inconclusive("no worker died of it after the change");
  if (place === "new" && brokenUnder(changed, to).length > 0)
    return { outcome: "wrong", found: `a new session breaks ${brokenUnder(changed, to).join(", ")}` };
  const outcome = howItRan(changed);
  return outcome === null
    ? inconclusive("nobody was there when the shorter wait was over")
    : { outcome, found: "it ended, and every effect landed once" };
}

const inconclusive = (found: string): Found => ({ outcome: null, found });

function wasInPlace(
  place: Exclude<SessionPlace, "new">,
  landed: SessionHistory["landed"],
  begins: SessionHistory["begins"],
  from: Law,
): boolean {
  const at = stepAt(place, from);
  const has = (step: Step, effect: string | undefined) =>
    landed.some((landing) => landing.step === step && landing.effect === effect);
  const steps = stepsUnder(from, activityCount);
  const next = steps[steps.indexOf(at) + 1];
  if (place === "cleanup") return has("cleanup", "revoke-token") && !has("cleanup", "clear-cache");
  return has(at, effectsOf(at).at(-1)) && !begins.some(({ step }) => step === next);
}

function wasKilled({ begins }: SessionHistory): boolean {
  return begins.some(({ order }) => order?.kind === "crash");
}

interface Changed {
  readonly cell: Cell;
  readonly place: SessionPlace;
  readonly session: SessionHistory;
  readonly analysis: Analysis;
  readonly from: Law;
  readonly to: Law;
  isBefore(entry: Entry): boolean;
}

/** The laws that the session may have kept, whole. */
function lawsFor({ place, from, to }: Changed): readonly Law[] {
  if (place === "new") return [to];
  const mixed = lawFrom(place, from, to);
  // Whether a wait that is under way is the one or the other is for each engine to say.
  const waits = [from, to].map(({ idleTimeouts }) => ({ ...mixed, idleTimeouts }));
  return [from, to, ...waits];
}

/** The invariants that the session breaks under a law. Repeats are allowed: keys make them harmless. */
function brokenUnder({ session, analysis }: Changed, law: Law): readonly InvariantId[] {
  const sessions = [{ sessionId: session.session }];
  return judge(analysis, sessions, { faultsInjected: false, law })
    .filter(({ verdict, invariant }) => verdict === "fail" && invariant !== "repeats-explained")
    .map(({ invariant }) => invariant);
}

/** What went wrong for good, in a sentence; null where nothing did. */
function whatIsWrong(changed: Changed, isRescued: boolean): string | null {
  const { session, analysis, place, from, to } = changed;
  const laws = lawsFor(changed);
  const [twice] = session.landed.filter(
    (landing, index) =>
      session.landed.findIndex(({ step, effect }) => step === landing.step && effect === landing.effect) <
      index,
  );
  if (twice !== undefined) return `${twice.effect} of ${twice.step} landed twice`;
  const taken = anothersResult(changed, laws);
  if (taken !== null) return taken;
  const verdicts = laws.map((law) =>
    judge(analysis, [{ sessionId: session.session }], { faultsInjected: false, law }),
  );
  const whatAll = (invariant: InvariantId) => {
    const found = verdicts.map((of) => of.find((verdict) => verdict.invariant === invariant)?.violations[0]);
    return found.every((violation) => violation !== undefined) ? `${invariant}: ${found[0]?.what}` : null;
  };
  const untimely = whatAll("not-early");
  if (untimely !== null) return untimely;
  if (session.results.length === 0) return null;
  if (isOutOfOrder(changed)) return whatAll("in-order") ?? "effects landed out of order";
  const due = stepsUnder(place === "new" ? to : lawFrom(place, from, to), activityCount);
  const inBoth = due.filter((step) => isUnder(to, step) && (!isRescued || isUnder(from, step)));
  const missing = inBoth.find((step) => step !== "cleanup" && step !== "notify" && !hasLanded(session, step));
  if (missing !== undefined) return `it has a result, and ${missing} never landed`;
  return isUncleaned(session) ? null : whatAll("result-true");
}

function hasLanded(session: SessionHistory, step: Step): boolean {
  return effectsOf(step).every((wanted) =>
    session.landed.some((landing) => landing.step === step && landing.effect === wanted),
  );
}

/** Whether something of cleanup never landed: then its time in the result is none. */
function isUncleaned(session: SessionHistory): boolean {
  return !hasLanded(session, "cleanup");
}

/** A step that was handed a receipt which is the one before it under none of these laws; null where none was. */
function anothersResult({ session, analysis }: Changed, laws: readonly Law[]): string | null {
  const found = laws.map((law) => {
    const verdicts = judge(analysis, [{ sessionId: session.session }], { faultsInjected: false, law });
    const own = verdicts.find(({ invariant }) => invariant === "own-result");
    return new Map((own?.violations ?? []).map(({ what, evidence }) => [evidence.at(-1)?.seq ?? "", what]));
  });
  const [first = new Map<string, string>(), ...others] = found;
  for (const [seq, what] of first) if (others.every((each) => each.has(seq))) return what;
  return null;
}

/** What landed before the change keeps the one law's order, and what landed after it the other's. */
function isOutOfOrder({ session, from, to, isBefore }: Changed): boolean {
  const before = session.landed.filter(isBefore);
  const after = session.landed.filter((landing) => !isBefore(landing));
  const keeps = (landed: SessionHistory["landed"], law: Law) =>
    landed.every((landing, index) => {
      const previous = landed[index - 1];
      return (
        previous === undefined ||
        effectRank(law, previous.step, previous.effect) <= effectRank(law, landing.step, landing.effect)
      );
    });
  return !keeps(before, from) || !(keeps(after, to) || keeps(after, from));
}

function whyLost({ resultFailures: [failure], landed }: SessionHistory): string {
  const last = landed.at(-1);
  const until =
    last === undefined ? "nothing landed" : `the last that landed was ${last.effect} of ${last.step}`;
  return failure === undefined
    ? `it never ended, not even on the code that it began with; ${until}`
    : `its caller got the error "${failure.error.slice(0, 120)}"; ${until}`;
}

/** It ended only on the code that it began with. */
function whyStuck({ begins, entries }: SessionHistory, changedAt: number, backAt: number): Found {
  const tries = begins.filter(({ at }) => at > changedAt && at < backAt).length;
  const logs = entries.filter((entry): entry is EntryOf<"logged"> => entry.kind === "logged");
  const said = logs.find(({ lines }) => lines > 0);
  const words = said === undefined ? "" : `; the log: ${said.first}`;
  if (tries === 0 && said !== undefined) return { outcome: "refused", found: `no step began${words}` };
  const isLoud = said !== undefined || tries > 2;
  return {
    outcome: isLoud ? "stuck, loud" : "stuck, silent",
    found: `it did not end, and steps of it began ${tries} times; back on the code that it began with, it did${words}`,
  };
}

/** By which version a session ran that ended well; null where its wait could have been either version's. */
function howItRan(changed: Changed): Outcome | null {
  const { cell, place, session, analysis, from, to, isBefore } = changed;
  const isDone = stepsUnder(to, activityCount).every((step) => hasLanded(session, step));
  if (place === "new") return isDone ? "runs as new" : "skipped";
  const isKept = (law: Law) => brokenUnder(changed, law).length === 0;
  const [began, came] =
    cell.fleet === "backward"
      ? (["runs as new", "runs as old"] as const)
      : (["runs as old", "runs as new"] as const);
  const codeOf = (worker: string) => analysis.history.workers.get(worker)?.spawned?.code;
  const hasBegun: readonly (CodeVersion | undefined)[] =
    cell.fleet === "backward" ? ["next", "both"] : ["published", "both"];
  const since = session.begins.filter((begin) => !isBefore(begin));
  const onItsOwn = since.every(({ worker }) => hasBegun.includes(codeOf(worker)));
  const adds = changes[cell.change].law.order.includes("notify");
  const isTold = session.landed.some(({ step }) => step === "notify");
  if (adds && cell.fleet !== "backward") {
    if (isTold) return "runs as new";
    return onItsOwn ? "runs as old" : "skipped";
  }
  if (adds) return isTold && onItsOwn ? "runs as new" : "runs as old";
  if (from.idleTimeouts !== to.idleTimeouts && place !== "cleanup") {
    const [shorter, longer] = from.idleTimeouts < to.idleTimeouts ? [from, to] : [to, from];
    if (!isKept(longer)) return shorter === to ? came : began;
    const { leaseMs } = analysis.settings;
    const [early, late] = [shorter, longer].map((law) =>
      wakeOf(session, { history: analysis.history, leaseMs, law }),
    );
    if (early == null || late == null || early.possibleFrom > late.dueAt - leaseMs) return null;
    return longer === to ? came : began;
  }
  const [byFirst, bySecond] = [isKept(from), isKept(to) || isKept(lawFrom(place, from, to))];
  if (byFirst && bySecond) return onItsOwn ? began : came;
  return byFirst ? began : came;
}
