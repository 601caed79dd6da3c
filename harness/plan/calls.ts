/** Who calls in a run, and when: the callers of the workload, and those that a `race` sends along. */
import type { Plan, PlannedCall } from "./plan-schema.ts";

/** The calls of each session of a plan, by session. Pure. */
export function callsOf(plan: Plan): ReadonlyMap<string, readonly PlannedCall[]> {
  const calls = new Map(plan.sessions.map((session) => [session.sessionId, session.calls]));
  for (const fault of plan.faults) {
    const planned = calls.get(fault.kind === "race" ? fault.session : "");
    const first = planned?.[0];
    if (fault.kind !== "race" || planned === undefined || first === undefined) continue;
    const racers = Array.from({ length: fault.callers }, (_, index): PlannedCall => {
      // From all clients in turn, the first caller's not first: a race of one process with itself proves less.
      return { ...first, caller: `${fault.id}-${index}`, client: (first.client + 1 + index) % plan.clients };
    });
    calls.set(fault.session, [...planned, ...racers]);
  }
  return calls;
}
