/**
 * What became of a session whose code changed. It is judged by the invariants, under the laws that it may have kept: that of the
 * version which it began with, that of the other one, and the first until the place where the code changed and the second from
 * there. No engine is asked. Pure.
 */
import { effectsOf, type Step } from "../../../implementations/session/steps.ts";
import type { InvariantId } from "../../checks/invariants/index.ts";
import { judge } from "../../checks/judge.ts";
import type { Verdict } from "../../checks/verdict.ts";
import { wakeOf } from "../../checks/wake.ts";
import type { Outcome } from "../../engines/upgrade.ts";
import type { Analysis } from "../../history/analysis.ts";
import type { SessionHistory } from "../../history/history.ts";
import { effectRank, isUnder, type Law, stepsUnder } from "../../history/law.ts";
import type { CodeVersion, Entry, EntryOf } from "../../world/entry.ts";
import { type Cell, type SessionPlace, sessionOf } from "./cells.ts";
import { activityCount, changes, lawFrom, lawsOf, stepAt } from "./changes.ts";
import { backFault, changeFault } from "./play-cell.ts";

export interface Found {
  /** Null where the cell says nothing of it. */
  readonly outcome: Outcome | null;
  readonly found: string;
}

/** What became of one session. Pure. */
export function outcomeOf(cell: Cell, place: SessionPlace, analysis: Analysis): Found {
  const { history } = analysis;
  const session = history.sessions.get(sessionOf(cell, place));
  const at = (fault: string) => history.faults.find((entry) => entry.fault === `${fault} of ${cell.id}`);
  const change = at(changeFault);
  if (session === undefined || change === undefined) return inconclusive("the code was not changed");
  const before = new Set<Entry>(history.entries.slice(0, history.entries.indexOf(change)));
  const isBefore = (entry: Entry) => before.has(entry);
  const back = at(backFault);
  const { from, to } = lawsOf(cell.change, cell.fleet);
  const done = { landed: session.landed.filter(isBefore), begins: session.begins.filter(isBefore) };
  if (place !== "new" && !wasInPlace(place, done, from))
    return inconclusive("it was not in its place when the code changed");

  const laws = place === "new" ? { from: to, to } : { from, to };
  const changed: Changed = { cell, place, session, analysis, ...laws, isBefore };
  const [answer] = session.results;
  if (place === "new" && answer !== undefined && !hasDone(session, to) && isKept(changed, from))
    return { outcome: "skipped", found: "it is new, and ran as the old version does" };
  // An answer that is late is none that the old code gave.
  const isRescued = back !== undefined && session.landed.some(({ at }) => at > back.at);
  const wrong = whatIsWrong(changed, isRescued);
  if (wrong !== null) return { outcome: "wrong", found: `${wrong}${whatIsLeft(session)}` };
  if (answer === undefined) return whyUnanswered(session);
  const uncleaned = brokenUnder(changed, laws.from).filter(
    (id) => id === "cleaned-once" || id === "no-residue",
  );
  if (uncleaned.length > 0)
    return {
      outcome: "lost",
      found: `it has a result${whatIsLeft(session)}; ${uncleaned.join(", ")} broken`,
    };
  if (isRescued) return whyStuck(session, back.at);
  if (cell.deaths !== null && !wasKilled(session))
    return inconclusive("no worker died of it after the change");
  const lawless = whatNoLawAllows(changed);
  if (lawless !== null) return { outcome: "wrong", found: lawless };
  const outcome = howItRan(changed);
  return outcome === null
    ? inconclusive("nobody was there when the shorter wait was over")
    : { outcome, found: "it ended, and every effect landed once" };
}

export const inconclusive = (found: string): Found => ({ outcome: null, found });

function wasInPlace(
  place: Exclude<SessionPlace, "new">,
  { landed, begins }: Pick<SessionHistory, "landed" | "begins">,
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

function verdictsUnder({ session, analysis }: Changed, law: Law): readonly Verdict[] {
  return judge(analysis, [{ sessionId: session.session }], { faultsInjected: false, law });
}

/** The invariants that the session breaks under a law. Repeats are allowed: keys make them harmless. */
function brokenUnder(changed: Changed, law: Law): readonly InvariantId[] {
  return verdictsUnder(changed, law)
    .filter(({ verdict, invariant }) => verdict === "fail" && invariant !== "repeats-explained")
    .map(({ invariant }) => invariant);
}

function isKept(changed: Changed, law: Law): boolean {
  return brokenUnder(changed, law).length === 0;
}

/** These are judged across the laws, since a session may keep one law before the change and another after it. */
const acrossLaws: readonly InvariantId[] = ["in-order", "own-result", "quiet-after"];

/** In cleanup the wait is past, and a step that one version has at its end may come long after it. */
const aboutTheWait: readonly InvariantId[] = ["not-early", "timer-kept"];

/** What a session that ended breaks under whichever law it may have kept; null where it kept one. */
function whatNoLawAllows(changed: Changed): string | null {
  const allowed: Readonly<Record<SessionPlace, readonly InvariantId[]>> = {
    activities: acrossLaws,
    wait: acrossLaws,
    cleanup: [...acrossLaws, ...aboutTheWait],
    new: [],
  };
  const broken = lawsFor(changed).map((law) =>
    brokenUnder(changed, law).filter((id) => !allowed[changed.place].includes(id)),
  );
  const [least = []] = broken.toSorted((a, b) => a.length - b.length);
  return least.length === 0 ? null : `it keeps no version's law: ${least.join(", ")} broken`;
}

/** What went wrong for good, in a sentence; null where nothing did. */
function whatIsWrong(changed: Changed, isRescued: boolean): string | null {
  const { session, place, from, to } = changed;
  const [twice] = session.landed.filter(
    (landing, index) =>
      session.landed.findIndex(({ step, effect }) => step === landing.step && effect === landing.effect) <
      index,
  );
  if (twice !== undefined) return `${twice.effect} of ${twice.step} landed twice`;
  const judged = lawsFor(changed).map((law) => ({ law, verdicts: verdictsUnder(changed, law) }));
  const taken = anothersResult(session, judged);
  if (taken !== null) return taken;
  const whatAll = (id: InvariantId) => {
    const found = judged.map(({ verdicts }) => violationsOf(id, verdicts)[0]);
    return found.every((violation) => violation !== undefined) ? `${id}: ${found[0]?.what}` : null;
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

function hasDone(session: SessionHistory, law: Law): boolean {
  return stepsUnder(law, activityCount).every((step) => hasLanded(session, step));
}

/** Of cleanup, what a session that has a result never did; empty where it did all. */
function whatIsLeft({ results, landed }: SessionHistory): string {
  const left = effectsOf("cleanup").filter((wanted) => !landed.some(({ effect }) => effect === wanted));
  return results.length === 0 || left.length === 0 ? "" : `; ${left.join(", ")} never landed`;
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

/** A law, and what of a session's was found under it. */
interface JudgedUnder {
  readonly law: Law;
  readonly verdicts: readonly Verdict[];
}

function violationsOf(id: InvariantId, verdicts: readonly Verdict[]): Verdict["violations"] {
  return verdicts.find(({ invariant }) => invariant === id)?.violations ?? [];
}

/** A step that was handed a receipt which is the one before it under no law that has the step; null where none was. */
function anothersResult(session: SessionHistory, judged: readonly JudgedUnder[]): string | null {
  const found = judged.map(({ law, verdicts }) => {
    const own = violationsOf("own-result", verdicts);
    return { law, what: new Map(own.map(({ what, evidence }) => [evidence.at(-1)?.seq ?? "", what])) };
  });
  for (const { seq, step } of session.begins) {
    const having = found.filter(({ law }) => isUnder(law, step));
    if (having.length > 0 && having.every(({ what }) => what.has(seq)))
      return having[0]?.what.get(seq) ?? null;
  }
  const revoked = found.map(({ what }) => [...what.values()].find((each) => each.startsWith("a token")));
  return revoked.every((each) => each !== undefined) ? (revoked[0] ?? null) : null;
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

/** It has no result: its caller was told an error, or nothing. */
function whyUnanswered(session: SessionHistory): Found {
  const { resultFailures, landed } = session;
  const [failure] = resultFailures;
  const last = landed.at(-1);
  const until =
    last === undefined ? "nothing landed" : `the last that landed was ${last.effect} of ${last.step}`;
  if (failure === undefined)
    return {
      outcome: "lost",
      found: `it never ended, not even on the code that it began with; ${until}`,
    };
  const told = `its caller got the error "${failure.error.slice(0, 120)}"`;
  return isUncleaned(session)
    ? { outcome: "lost", found: `${told}; ${until}` }
    : { outcome: "wrong", found: `${told}, and it was cleaned up` };
}

/** It ended only on the code that it began with, which came back then. */
function whyStuck({ begins, landed, entries }: SessionHistory, backAt: number): Found {
  const lastLanded = landed.findLast(({ at }) => at < backAt)?.at ?? 0;
  const tries = begins.filter(({ at }) => at > lastLanded && at < backAt).length;
  const said = entries.find(
    (entry): entry is EntryOf<"logged"> => entry.kind === "logged" && entry.lines > 0,
  );
  const words = said === undefined ? "; no log says so" : `; the log: ${said.first}`;
  const outcome = said === undefined ? "stuck, silent" : tries === 0 ? "refused" : "stuck, loud";
  const how = tries === 0 ? "no step of it began" : `its next step began ${tries} times`;
  return { outcome, found: `${how}, until the code that it began with was back${words}` };
}

/** By which version a session ran that ended well; null where its wait could have been either version's. */
function howItRan(changed: Changed): Outcome | null {
  const { cell, place, session, analysis, from, to, isBefore } = changed;
  if (place === "new") return "runs as new";
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
    if (!isKept(changed, longer)) return shorter === to ? came : began;
    const [early, late] = [shorter, longer].map((law) =>
      wakeOf(session, { history: analysis.history, ...analysis.settings, law }),
    );
    if (early == null || late == null || early.possibleFrom > late.dueAt - analysis.settings.leaseMs)
      return null;
    return longer === to ? came : began;
  }
  const [byFirst, bySecond] = [
    isKept(changed, from),
    isKept(changed, to) || isKept(changed, lawFrom(place, from, to)),
  ];
  if (byFirst && bySecond) return onItsOwn ? began : came;
  return byFirst ? began : came;
}
