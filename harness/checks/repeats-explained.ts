/**
 * Keys hide repeated work; this does not. Each further execution of a step must follow an observed fault of the
 * worker that ran the previous one: its death, a silence of more than half a lease (after which the engine may
 * rightly take it for dead: its event loop stood still, or its requests did not get through), or a failure that the plan ordered. Once a later step has begun, an
 * earlier one is recorded, and nothing explains that it runs again: an engine that does so forgot its checkpoint.
 */
import type { BeginEntry, History, WorkerLife } from "../history/history.ts";
import { stepRank } from "./lifecycle-order.ts";
import { interruptedAnywhere, sessionBySession } from "./session-by-session.ts";
import type { Invariant } from "./verdict.ts";

export const repeatsExplained: Invariant = sessionBySession({
  id: "repeats-explained",
  sentence:
    "each further execution of a step follows an observed fault of the worker that ran the previous one",
  exposure: interruptedAnywhere,
  *violations({ begins }, { history, leaseMs }) {
    const latestOf = new Map<BeginEntry["step"], BeginEntry>();
    let furthest: BeginEntry | null = null;
    for (const begin of begins) {
      const previous = latestOf.get(begin.step);
      if (furthest !== null && stepRank(begin.step) < stepRank(furthest.step)) {
        yield {
          what: `${begin.step} was executed after ${furthest.step} had begun`,
          evidence: [furthest, begin],
        };
      } else if (previous !== undefined && !isExplained(previous, begin, history, leaseMs)) {
        const what = `${begin.step} was executed again though nothing had befallen ${previous.worker}`;
        yield { what, evidence: [previous, begin] };
      }
      latestOf.set(begin.step, begin);
      if (furthest === null || stepRank(begin.step) > stepRank(furthest.step)) furthest = begin;
    }
  },
});

function isExplained(previous: BeginEntry, next: BeginEntry, history: History, leaseMs: number): boolean {
  if (previous.order?.kind === "throw") return true;
  const life = history.workers.get(previous.worker);
  if (life === undefined) return false;
  const died = life.death !== null && life.death.at <= next.at;
  const faulted = life.faults.some(({ at }) => previous.at <= at && at <= next.at);
  return died || faulted || wasSilent(life, previous.at, next.at, leaseMs / 2);
}

/** Whether the worker had been silent for longer than `thresholdMs` at some time in [fromMs, toMs]. */
function wasSilent(
  { aliveAt, death }: WorkerLife,
  fromMs: number,
  toMs: number,
  thresholdMs: number,
): boolean {
  const first = Math.max(0, firstIndexFrom(aliveAt, fromMs) - 1); // a silence that reaches into the interval counts too
  for (let index = first; index < aliveAt.length && (aliveAt[index] ?? 0) <= toMs; index++) {
    const silentUntilMs = Math.min(aliveAt[index + 1] ?? death?.at ?? 0, toMs);
    if (silentUntilMs - (aliveAt[index] ?? 0) > thresholdMs && silentUntilMs >= fromMs) return true;
  }
  return false;
}

/** The index of the first of these times, in order, that is not before `fromMs`. */
function firstIndexFrom(times: readonly number[], fromMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
