/** Callers of sessions that the store has forgotten: nobody will ever answer them, so nobody needs to wait for that. */
import { setTimeout as delay } from "node:timers/promises";
import { kindsThatBring } from "../../faults/kinds/faults.ts";
import { forgottenWith } from "../../history/forgets.ts";
import { type History, indexHistory, type SessionHistory } from "../../history/history.ts";
import type { Plan, PlannedSession } from "../../plan/plan-schema.ts";
import { isAnswer } from "../../world/entry.ts";
import type { Recorder } from "../recorder.ts";

const lookLeases = 4;
/** A session of which nothing was heard for so long after its idle window, in leases, is not just slow. */
const silentLeases = 5;

/** Resolves when everything is healed and whoever still waits does so for a session that the store forgot; never, in a plan without losses. */
export async function untilOnlyForgottenWait(plan: Plan, recorder: Recorder): Promise<void> {
  const { sessions, faults, leaseMs } = plan;
  const losses = kindsThatBring("loss");
  if (!faults.some(({ kind }) => losses.includes(kind))) return new Promise(() => {});
  for (;;) {
    await delay(lookLeases * leaseMs, undefined, { ref: false });
    const history = indexHistory(recorder.entries);
    if (history.healedAt !== null && sessions.every((session) => isOver(session, history, leaseMs))) return;
  }
}

function isOver({ sessionId, calls }: PlannedSession, history: History, leaseMs: number): boolean {
  const session = history.sessions.get(sessionId);
  if (session === undefined) return false; // it is still to be called
  // Those who come after a result, or in a wait, do so only where there is one.
  const isIdle = session.landed.some(({ effect }) => effect === "set-idle");
  const comes = { at: true, "in-wait": isIdle, "after-result": session.results.length > 0 };
  const called = calls.filter(({ start }) => comes[start.kind]);
  return called.every(({ caller }) => isAnswered(caller, session)) || isForgotten(session, history, leaseMs);
}

function isAnswered(caller: string, { entries }: SessionHistory): boolean {
  return entries.some((entry) => isAnswer(entry) && entry.caller === caller);
}

function isForgotten(session: SessionHistory, history: History, leaseMs: number): boolean {
  const idleMs = Math.max(...session.calls.map(({ spec }) => spec.idleTimeoutMs));
  const lastAt = session.entries.at(-1)?.at ?? history.endsAt;
  return (
    forgottenWith(session, history) !== null && history.endsAt - lastAt > idleMs + silentLeases * leaseMs
  );
}
