/** Who calls in a run, and when: the callers of the workload, and those that a fault sends along. */
import { armedBehaviourOf, isTimed } from "../faults/kinds/faults.ts";
import type { Plan, PlannedCall } from "./plan-schema.ts";

/** The calls of each session of a plan, by session. Pure. */
export function callsOf(plan: Plan): ReadonlyMap<string, readonly PlannedCall[]> {
  const calls = new Map(plan.sessions.map((session) => [session.sessionId, session.calls]));
  for (const fault of plan.faults) {
    if (isTimed(fault)) continue;
    const planned = calls.get(fault.session) ?? [];
    const [first] = planned;
    const callers = armedBehaviourOf(fault.kind).callersOf?.(fault) ?? 0;
    if (first === undefined || callers === 0) continue;
    const racers = Array.from({ length: callers }, (_, index): PlannedCall => {
      // From all clients in turn, the first caller's not first: a race of one process with itself proves less.
      return { ...first, caller: `${fault.id}-${index}`, client: (first.client + 1 + index) % plan.clients };
    });
    calls.set(fault.session, [...planned, ...racers]);
  }
  return calls;
}
