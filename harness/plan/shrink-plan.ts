/**
 * Makes a plan that fails smaller, as long as it still fails: a person who looks for the cause wants the one fault and the
 * two sessions that it takes, not forty and nine hundred. Whether a plan fails is known only by playing it, so the
 * search is bounded by the time that its caller grants, and takes the cuts first that promise most.
 */
import { endOf, isTimed, type PlannedFault, simplerForms, type TimedFault } from "../faults/kinds/faults.ts";
import type { Plan, PlannedSession } from "./plan-schema.ts";

export interface Search {
  /** The session that the failure was seen on; it stays in the plan. Where it is none of the plan's, nothing is cut out around it. */
  readonly sessionId: string;
  /** Plays a plan; resolves with whether it fails as the whole one did. */
  readonly fails: (plan: Plan) => Promise<boolean>;
  /** Asked before each play. */
  readonly mayGoOn: () => boolean;
}

/** What is kept before the session's first call and after its idle window, at first and where that was too little, ms. */
const marginsMs = [2_000, 8_000];
/** When the first thing of a cut plan happens, ms after its start. */
const leadMs = 500;

/**
 * The smallest plan that was seen to fail, or null where none but the whole one was. First the time around the session is
 * cut out; then other sessions, then faults are left out, and what is left of them made simpler, by delta debugging (Zeller and Hildebrandt, "Simplifying and
 * Isolating Failure-Inducing Input", 2002): all of them, halves, quarters, and so on down to one.
 */
export async function shrinkPlan(plan: Plan, { sessionId, fails, mayGoOn }: Search): Promise<Plan | null> {
  const failing = async (candidate: Plan) => mayGoOn() && (await fails(candidate));
  const isPlanned = plan.sessions.some((session) => session.sessionId === sessionId);
  let smallest = isPlanned ? null : plan;
  for (const marginMs of marginsMs) {
    if (smallest !== null) break;
    const cut = around(plan, sessionId, marginMs);
    if (await failing(cut)) smallest = cut;
  }
  if (smallest === null) return null;
  const others = smallest.sessions.filter((session) => session.sessionId !== sessionId);
  smallest = await withoutMost(smallest, others, withoutSessions, failing);
  smallest = await withoutMost(smallest, smallest.faults, without, failing);
  smallest = await withSimplerFaults(smallest, failing);
  return smallest === plan ? null : smallest;
}

/** Each fault in the simplest form with which the plan still fails. */
async function withSimplerFaults(plan: Plan, failing: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let simplest = plan;
  for (const fault of plan.faults) {
    for (const form of simplerForms(fault)) {
      const faults = simplest.faults.map((each) => (each === fault ? form : each));
      const candidate = { ...simplest, faults };
      if (!(await failing(candidate))) continue;
      simplest = candidate;
      break;
    }
  }
  return simplest;
}

/** Leaves out of `plan` as many of `parts` as can be left out with `failing` still true. */
async function withoutMost<Part>(
  plan: Plan,
  parts: readonly Part[],
  leaveOut: (plan: Plan, parts: ReadonlySet<Part>) => Plan,
  failing: (plan: Plan) => Promise<boolean>,
): Promise<Plan> {
  let smallest = plan;
  let kept = parts;
  for (let size = kept.length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < kept.length; ) {
      const chunk = new Set(kept.slice(from, from + size));
      const candidate = leaveOut(smallest, chunk);
      if (await failing(candidate)) {
        smallest = candidate;
        kept = kept.filter((part) => !chunk.has(part));
      } else {
        from += size;
      }
    }
  }
  return smallest;
}

function without(plan: Plan, faults: ReadonlySet<PlannedFault>): Plan {
  return { ...plan, faults: plan.faults.filter((fault) => !faults.has(fault)) };
}

/** With a session go the faults that are tied to it. */
function withoutSessions(plan: Plan, sessions: ReadonlySet<PlannedSession>): Plan {
  const gone = new Set([...sessions].map(({ sessionId }) => sessionId));
  return {
    ...plan,
    sessions: plan.sessions.filter((session) => !sessions.has(session)),
    faults: plan.faults.filter((fault) => isTimed(fault) || !gone.has(fault.session)),
  };
}

/** What of a plan happens while a session goes on, and so long before and after; moved to the start of the run. Pure. */
export function around(plan: Plan, sessionId: string, marginMs: number): Plan {
  const focus = plan.sessions.find((session) => session.sessionId === sessionId);
  if (focus === undefined) throw new RangeError(`the plan has no session ${sessionId}`);
  const fromMs = startOf(focus) - marginMs;
  const toMs = startOf(focus) + Math.max(...focus.calls.map(({ spec }) => spec.idleTimeoutMs)) + marginMs;
  const sessions = plan.sessions.filter((each) => startOf(each) >= fromMs && startOf(each) <= toMs);
  const present = new Set(sessions.map((each) => each.sessionId));
  const faults = plan.faults.filter((fault) =>
    isTimed(fault) ? endOf(fault) >= fromMs && fault.atMs <= toMs : present.has(fault.session),
  );
  const first = Math.min(...sessions.map(startOf), ...faults.filter(isTimed).map(({ atMs }) => atMs));
  return moved({ ...plan, sessions, faults }, leadMs - first);
}

function startOf({ calls }: PlannedSession): number {
  return Math.min(...calls.flatMap(({ start }) => (start.kind === "at" ? [start.atMs] : [])));
}

function moved(plan: Plan, byMs: number): Plan {
  const later = <Timed extends { readonly atMs: number }>(timed: Timed): Timed => ({
    ...timed,
    atMs: timed.atMs + byMs,
  });
  return {
    ...plan,
    sessions: plan.sessions.map((session) => ({
      ...session,
      calls: session.calls.map((call) => ({
        ...call,
        start: call.start.kind === "at" ? later(call.start) : call.start,
      })),
    })),
    faults: plan.faults.map((fault) => (isTimed(fault) ? later<TimedFault>(fault) : fault)),
  };
}
