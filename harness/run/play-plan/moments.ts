/** The moments that a fault waits for, as the ledger tells them. */
import type { FaultTools } from "../../faults/inject.ts";
import { longWaitLeases } from "../../faults/kinds/kind.ts";
import { SessionsAtWork } from "../../history/at-work.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import type { Entry } from "../../world/entry.ts";
import type { Recorder } from "../recorder.ts";

/** How long a fault waits for a session that begins a long wait, in leases. */
const longWaitPatienceLeases = 10;

export function momentsOf(plan: Plan, recorder: Recorder): Pick<FaultTools, "untilAtWork" | "untilLongWait"> {
  const { leaseMs } = plan;
  const atWork = new SessionsAtWork();
  recorder.watch((entry) => atWork.read(entry));
  return {
    untilAtWork: (worker) => seen(recorder, () => atWork.countOf(worker) > 0, leaseMs),
    untilLongWait: () => seen(recorder, longWaitIn(plan), longWaitPatienceLeases * leaseMs),
  };
}

/** Whether an entry begins a wait that is long for this plan. */
function longWaitIn({ sessions, leaseMs }: Plan): (entry?: Entry) => boolean {
  const long = new Set(
    sessions
      .filter(({ calls }) => calls.every(({ spec }) => spec.idleTimeoutMs >= longWaitLeases * leaseMs))
      .map(({ sessionId }) => sessionId),
  );
  return (entry) => entry?.kind === "landed" && entry.effect === "set-idle" && long.has(entry.session);
}

/** Resolves with true as soon as it holds: now, or of an entry to come; with false where it does not within this time. */
function seen(recorder: Recorder, holds: (entry?: Entry) => boolean, withinMs: number): Promise<boolean> {
  if (holds()) return Promise.resolve(true);
  const found = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => found.resolve(false), withinMs);
  const unwatch = recorder.watch((entry) => {
    if (holds(entry)) found.resolve(true);
  });
  return found.promise.finally(() => {
    clearTimeout(timer);
    unwatch();
  });
}
