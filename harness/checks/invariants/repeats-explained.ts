/**
 * Keys hide repeated work; this does not. A step r of workers A and B; ✗ is A's death, [ ] a time in which A is stopped or cut off,
 * r+1 the next step:
 *
 *     explained    A r──✗      B r──────            A died in between
 *     explained    A r──[      B r──────     ]      A stood still, and its lease lapsed
 *     violated     A r─────────  B r──────          nothing befell A
 *     violated     A r── r+1 ──✗  B r──────         r was recorded: r+1 had begun
 *     a zombie     A r──[      B r── r+1 ──  ] r+1  one repeat by A is excused, a second one is not
 *
 * Each further execution of a step must follow an observed fault of the worker that ran the previous one: its death (but not
 * that it left in good order when it was told to), a pause, a partition or an outage of its store, a stall (`starved.ts`: its
 * event loop stood still, or its requests did not get through, so that the engine may rightly take it for dead), or that it was
 * ordered to fail or to stop in that very execution. Once a later step has begun, an earlier one is recorded, and nothing
 * explains that it runs again: an engine that does so forgot its checkpoint.
 *
 * Except for a zombie, whose session went on elsewhere after it had been stopped or cut off: it may begin one step before it
 * learns of that, since an answer that lets it go on may have been on its way to it, and an engine that retries a failed
 * step by itself asks nobody before. A second one has no such excuse, and the zombie's step excuses nobody else. A worker
 * that took its own session again has two executions of a step under way, one of them the zombie's: it has begun that step twice before.
 *
 * Where the store forgot what it had acknowledged, a session is set back to the step that it was at then, and what follows is
 * executed again with that reason; a step that was recorded before is not.
 *
 * A worker that was stopped, cut off or without its store is still under its fault for two leases after the end: so long may it take until its
 * lapsed lease is noticed, by it or by who takes over. So is one after each jump of a clock by which its leases are told.
 */
import type { Step } from "../../../implementations/session/steps.ts";
import { tellsToLeave } from "../../faults/kinds/faults.ts";
import { leaseJumpsOn } from "../../history/clocks.ts";
import type { BeginEntry, FaultEntry, History, WorkerLife } from "../../history/history.ts";
import { type Law, stepRank } from "../../history/law.ts";
import { type Forgetting, isDoneTo } from "../../history/outages.ts";
import type { Invariant, Judged } from "../invariant.ts";
import { interruptedAnywhere, sessionBySession } from "../session-by-session.ts";
import { wasStarved } from "../starved.ts";

const aftermathLeases = 2;

export const repeatsExplained: Invariant<"repeats-explained"> = sessionBySession({
  id: "repeats-explained",
  sentence:
    "each further execution of a step follows an observed fault of the worker that ran the previous one",
  exposure: interruptedAnywhere,
  *violations({ begins }, { history, leaseMs, clocks, law }) {
    const setting = { history, leaseMs, clocks, law };
    const latestOf = new Map<Step, BeginEntry>();
    /** How often a worker began a step. */
    const executionsOf = new Map<string, number>();
    /** The zombies that have had their one repeat: worker and fault. */
    const excused = new Set<string>();
    let furthest: BeginEntry | null = null;
    const forgotten = new Set<Forgetting>();
    for (const [index, begin] of begins.entries()) {
      const look = () => repeatOf(begin, latestOf.get(begin.step), furthest, setting);
      let repeat = look();
      const forgetting = repeat === null ? undefined : forgettingBehind(repeat, history);
      if (forgetting !== undefined && !forgotten.has(forgetting)) {
        forgotten.add(forgetting);
        furthest = setBack(latestOf, begins.slice(0, index), forgetting.fromMs, law);
        repeat = look();
      }
      const execution = `${begin.worker} ${begin.step}`;
      const earlierExecutions = executionsOf.get(execution) ?? 0;
      executionsOf.set(execution, earlierExecutions + 1);
      if (repeat !== null) {
        const [overtakenBy] = repeat.evidence;
        const fault = faultUnder(begin.worker, overtakenBy.at, overtakenBy.at, setting);
        const excuse = `${begin.worker} ${fault?.fault}`;
        const wasOvertaken = begin.worker !== overtakenBy.worker || earlierExecutions >= 2;
        const isExcused = fault !== undefined && wasOvertaken && !excused.has(excuse);
        if (isExcused) {
          excused.add(excuse);
          continue;
        }
        yield repeat;
      }
      latestOf.set(begin.step, begin);
      if (furthest === null || stepRank(law, begin.step) > stepRank(law, furthest.step)) furthest = begin;
    }
  },
});

type Setting = Pick<Judged, "history" | "leaseMs" | "clocks" | "law">;

/** The fault with which the store may have forgotten that the earlier execution had begun, before the later one did. */
function forgettingBehind({ evidence: [earlier, later] }: Repeat, { forgettings }: History) {
  return forgettings.find(
    ({ fault, fromMs, toMs }) => fromMs <= earlier.at && earlier.at <= toMs && fault.at <= later.at,
  );
}

/** Leaves of what is known of a session's steps what the store knows. Returns the furthest step that is recorded, and to be followed. */
function setBack(
  latestOf: Map<Step, BeginEntry>,
  begins: readonly BeginEntry[],
  fromMs: number,
  law: Law,
): BeginEntry | null {
  const [furthest = null] = begins
    .filter(({ at }) => at < fromMs)
    .toSorted((a, b) => stepRank(law, b.step) - stepRank(law, a.step));
  const recordedBelow = furthest === null ? 0 : stepRank(law, furthest.step); // its own end may be forgotten
  for (const step of latestOf.keys()) if (stepRank(law, step) >= recordedBelow) latestOf.delete(step);
  return furthest;
}

interface Repeat {
  readonly what: string;
  /** The earlier execution that leaves this one without a reason; and this one. */
  readonly evidence: readonly [BeginEntry, BeginEntry];
}

/** What is wrong with an execution, given the one before it of its step and the furthest; null where nothing is. */
function repeatOf(
  begin: BeginEntry,
  previous: BeginEntry | undefined,
  furthest: BeginEntry | null,
  setting: Setting,
): Repeat | null {
  const { law } = setting;
  if (furthest !== null && stepRank(law, begin.step) < stepRank(law, furthest.step)) {
    const what = `${begin.step} was executed after ${furthest.step} had begun`;
    return { what, evidence: [furthest, begin] };
  }
  if (previous === undefined || isExplained(previous, begin, setting)) return null;
  const what = `${begin.step} was executed again though nothing had befallen ${previous.worker}`;
  return { what, evidence: [previous, begin] };
}

function isExplained(previous: BeginEntry, next: BeginEntry, setting: Setting): boolean {
  const { history, leaseMs } = setting;
  if (previous.order?.kind === "throw" || previous.order?.kind === "pause") return true;
  const life = history.workers.get(previous.worker);
  if (life === undefined) return false;
  const died = life.death !== null && life.death.at <= next.at && !leftInGoodOrder(life);
  const faulted = life.faults.some(
    (fault) => fault === life.killedBy && !leftInGoodOrder(life) && isWithin(fault.at, previous, next),
  );
  return (
    died ||
    faulted ||
    faultUnder(previous.worker, previous.at, next.at, setting) !== undefined ||
    wasStarved(life, previous.at, next.at, leaseMs)
  );
}

function isWithin(at: number, previous: BeginEntry, next: BeginEntry): boolean {
  return previous.at <= at && at <= next.at;
}

/** Whether it was told to leave and did so by itself: then it had the time to bring its work to rest. */
function leftInGoodOrder({ killedBy, exited }: WorkerLife): boolean {
  return killedBy != null && tellsToLeave(killedBy) && exited?.signal === null && exited.code === 0;
}

/**
 * The fault by which this worker was stopped, cut off, without its store, or robbed of its leases by a clock, at some time in
 * [fromMs, toMs] or shortly before.
 */
function faultUnder(
  worker: string,
  fromMs: number,
  toMs: number,
  { history, leaseMs, clocks }: Setting,
): FaultEntry | undefined {
  const isThen = (beganAt: number, endedAt: number) =>
    beganAt <= toMs && endedAt + aftermathLeases * leaseMs >= fromMs;
  const lasting = history.lastingFaults.find(
    (each) => isDoneTo(each.fault, worker) && isThen(each.fromMs, each.toMs ?? toMs),
  );
  return (lasting ?? leaseJumpsOn(worker, history, clocks).find(({ at }) => isThen(at, at)))?.fault;
}
