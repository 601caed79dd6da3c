/**
 * The other half of the selftest: many runs of the correct targets, without faults and with, in which nothing may be
 * found. Each run is drawn from a seed of its own and judged by itself; they follow one another on one store and its
 * workers, because starting those fifty times would measure nothing.
 */
import { isGuaranteed } from "../../checks/guarantees.ts";
import { type InvariantId, invariantIds } from "../../checks/invariants/index.ts";
import { judge } from "../../checks/judge.ts";
import { wasStarved } from "../../checks/starved.ts";
import type { FaultKind } from "../../faults/kinds/faults.ts";
import { isTimed, type PlannedFault } from "../../faults/kinds/faults.ts";
import { type Analysis, analysisOf } from "../../history/analysis.ts";
import { type History, indexHistory } from "../../history/history.ts";
import { drawPlan, type PlanShape } from "../../plan/draw-plan.ts";
import { type Plan, sessionModeSchema } from "../../plan/plan-schema.ts";
import { playPlan } from "../../run/play-plan/play-plan.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../run/target.ts";
import type { Entry } from "../../world/entry.ts";
import type { FalseAlarmRow } from "./rows.ts";

export interface Runs {
  readonly seed: number;
  readonly runs: number;
  readonly sessionsPerRun: number;
  /** From the first arrival of a run to the first of the next, ms. */
  readonly everyMs: number;
  /** In each run; every fifth has a `kill-all` too, where there are kills at all. */
  readonly killsPerRun: number;
  readonly leaseMs: number;
  readonly retryDelayMs: number;
}

const processes = { workers: 2, clients: 2 };

/** All runs as one plan. Pure: sessions and faults of run 3 are those of a plan of their own seed, named `r3-…`. */
export function planOfRuns({ seed, runs, sessionsPerRun, everyMs, killsPerRun, ...timing }: Runs): Plan {
  const plans = Array.from({ length: runs }, (_, run) => {
    const killAlls = killsPerRun > 0 && run % 5 === 0 ? 1 : 0;
    const size = {
      sessions: sessionsPerRun,
      arrivalsMs: everyMs,
      faults: { kill: killsPerRun, "kill-all": killAlls },
    };
    const shape: PlanShape = { ...size, ...processes, ...timing };
    return asRun(drawPlan((seed + run) % 2 ** 31, shape), run, run * everyMs);
  });
  const [first] = plans;
  if (first === undefined) throw new RangeError("there must be one run at least");
  return {
    ...first,
    seed,
    sessions: plans.flatMap(({ sessions }) => sessions),
    faults: plans.flatMap(({ faults }) => faults),
  };
}

function asRun(plan: Plan, run: number, fromMs: number): Plan {
  const named = (id: string) => `r${run}-${id}`;
  return {
    ...plan,
    sessions: plan.sessions.map((session) => ({
      ...session,
      sessionId: named(session.sessionId),
      calls: session.calls.map((call) => ({
        ...call,
        spec: { ...call.spec, sessionId: named(call.spec.sessionId) },
        start: call.start.kind === "at" ? { ...call.start, atMs: call.start.atMs + fromMs } : call.start,
      })),
    })),
    faults: plan.faults.map(
      (fault): PlannedFault =>
        isTimed(fault)
          ? { ...fault, id: named(fault.id), atMs: fault.atMs + fromMs }
          : { ...fault, id: named(fault.id), session: named(fault.session) },
    ),
  };
}

/** What was found in each run of a plan on one target, by the run's name. */
export interface FoundInRuns {
  readonly runs: ReadonlyMap<string, FoundInRun>;
  /** Faults that hit a session. */
  readonly faults: number;
  /** How many of the runs were inconclusive and played again, each time counted. */
  readonly playedAgain: number;
}

/** Plays the runs on one target and judges each. */
export async function playRuns(
  run: Run,
  target: Target,
  plan: Plan,
  watch: (entry: Entry) => void,
  attempt = 0,
): Promise<FoundInRuns> {
  const name = plan.faults.length > 0 ? "false-alarms-faults" : "false-alarms";
  const experiment = attempt === 0 ? name : `${name}-again-${attempt}`;
  const entries = await playPlan({ run, experiment, target, plan, watch });
  return judgeRuns(indexHistory(entries), plan, target);
}

/** The inconclusive runs of a plan alone, one right after the other; null where there is none. Pure. */
export function inconclusiveOf(plan: Plan, found: FoundInRuns, everyMs: number): Plan | null {
  const open = [...found.runs].filter(([, each]) => isInconclusive(each)).map(([name]) => name);
  if (open.length === 0) return null;
  const earlierBy = (id: string) => (Number(nameOf(id).slice(1)) - open.indexOf(nameOf(id))) * everyMs;
  const isOpen = (id: string) => open.includes(nameOf(id));
  return {
    ...plan,
    sessions: plan.sessions
      .filter(({ sessionId }) => isOpen(sessionId))
      .map((session) => ({
        ...session,
        calls: session.calls.map((call) =>
          call.start.kind === "at"
            ? { ...call, start: { ...call.start, atMs: call.start.atMs - earlierBy(session.sessionId) } }
            : call,
        ),
      })),
    faults: plan.faults
      .filter(({ id }) => isOpen(id))
      .map((fault) => (isTimed(fault) ? { ...fault, atMs: fault.atMs - earlierBy(fault.id) } : fault)),
  };
}

/** The run that a session or a fault belongs to. */
function nameOf(id: string): string {
  return id.slice(0, id.indexOf("-"));
}

/** The last play of each run. Pure. */
export function withPlayedAgain(before: FoundInRuns, again: FoundInRuns): FoundInRuns {
  return {
    runs: new Map([...before.runs, ...again.runs]),
    faults: before.faults + again.faults,
    playedAgain: before.playedAgain + again.runs.size,
  };
}

/** What was found in each run. Pure. */
export function judgeRuns(
  history: History,
  plan: Plan,
  { guarantees }: Pick<Target, "guarantees">,
): FoundInRuns {
  const analysis = analysisOf(history, { leaseMs: plan.leaseMs });
  const runs = Map.groupBy(plan.sessions, ({ sessionId }) => nameOf(sessionId));
  return {
    runs: new Map(
      [...runs].map(([name, sessions]) => [name, findIn(analysis, { ...plan, sessions }, guarantees)]),
    ),
    faults: analysis.exposure.faults.filter(({ effective }) => effective).length,
    playedAgain: 0,
  };
}

/** The row of one target. Pure. */
export function falseAlarmRow(
  target: string,
  plan: Plan,
  { runs, faults, playedAgain }: FoundInRuns,
): FalseAlarmRow {
  const found = [...runs.values()];
  const alarms = found.filter(({ violated }) => violated.length > 0).length;
  const isDoubtful = found.some(isInconclusive) || (plan.faults.length > 0 && faults === 0);
  return {
    target,
    what: plan.faults.length > 0 ? "with random kills" : "without faults",
    runs: runs.size,
    sessions: plan.sessions.length,
    faults,
    disturbed: found.filter(({ isDisturbed }) => isDisturbed).length,
    playedAgain,
    alarms,
    violated: invariantIds.filter((id) => found.some(({ violated }) => violated.includes(id))),
    verdict: alarms > 0 ? "fail" : isDoubtful ? "unknown" : "pass",
  };
}

function isInconclusive({ violated, isWhole, isDisturbed }: FoundInRun): boolean {
  return violated.length === 0 && (!isWhole || isDisturbed);
}

export interface FoundInRun {
  readonly violated: readonly InvariantId[];
  readonly isWhole: boolean;
  /** Whether the machine gave a worker no time for half a lease: the engine may rightly take it for dead then. */
  readonly isDisturbed: boolean;
}

function findIn(
  analysis: Analysis,
  { sessions, faults, leaseMs }: Plan,
  guarantees: Target["guarantees"],
): FoundInRun {
  const isDisturbed = hasStall(analysis.history, sessions, leaseMs);
  const kinds = new Set<FaultKind>(faults.map(({ kind }) => kind));
  if (isDisturbed) kinds.add("kill"); // to its sessions a worker that stood still is as good as killed
  const verdicts = sessionModeSchema.options.flatMap((mode) =>
    judge(
      analysis,
      sessions.filter((session) => session.mode === mode),
      { faultsInjected: false },
    ).filter(({ invariant }) => [...kinds].every((kind) => isGuaranteed(guarantees, invariant, kind, mode))),
  );
  return {
    violated: verdicts.filter(({ verdict }) => verdict === "fail").map(({ invariant }) => invariant),
    isWhole: verdicts.every(({ verdict }) => verdict !== "unknown"),
    isDisturbed,
  };
}

/** Whether any worker stalled while these sessions were under way. */
function hasStall({ sessions: all, workers }: History, sessions: Plan["sessions"], leaseMs: number): boolean {
  const times = sessions.flatMap(({ sessionId }) => all.get(sessionId)?.entries.map(({ at }) => at) ?? []);
  const [fromMs, toMs] = [Math.min(...times), Math.max(...times)];
  return [...workers.values()].some((life) => wasStarved(life, fromMs, toMs, leaseMs));
}
