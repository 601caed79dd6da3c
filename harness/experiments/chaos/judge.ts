/** From the run of a plan to its rows: a verdict for each invariant and mode, and what each fault did. Pure. */
import { rateInterval } from "../../checks/binomial.ts";
import { isGuaranteed, losses } from "../../checks/guarantees.ts";
import { judge } from "../../checks/judge.ts";
import type { Verdict } from "../../checks/verdict.ts";
import { type FaultKind, tellsToLeave } from "../../faults/kinds/faults.ts";
import { type Exposure, ineffectiveKinds } from "../../history/exposure.ts";
import type { History } from "../../history/history.ts";
import { type SessionMode, sessionModeSchema } from "../../plan/plan-schema.ts";
import type { PlayedPlan } from "../../run/play-plan/play-plan.ts";
import { cutOffIn } from "./cut-off.ts";
import type { ChaosRows, VerdictRow } from "./rows.ts";

/** So many violations of one verdict are kept; the count is always whole. */
const violationsKept = 10;

/** The rows of one target. */
export function judgePlan({
  experiment,
  target: { name: target, guarantees },
  plan,
  analysis,
}: PlayedPlan): Pick<ChaosRows, "verdicts" | "faults"> {
  const { exposure, history } = analysis;
  const planned = new Set<FaultKind>(plan.faults.map(({ kind }) => kind));
  const faultKinds = [...new Set([...planned, ...history.faults.map(({ faultKind }) => faultKind)])];
  const isAllLost = losesNothingElse(faultKinds) && keptNothing(history);
  const verdicts = sessionModeSchema.options.flatMap((mode) => {
    const sessions = plan.sessions.filter((session) => session.mode === mode);
    return judge(analysis, sessions, { faultsInjected: faultKinds.length > 0 }).map((judged) => {
      const verdict =
        faultKinds.length === 0 ? unproved(judged) : unlessIneffective(judged, exposure, planned);
      // Without any fault there is nothing to be excused by: everything is guaranteed, in both modes.
      const guaranteed =
        !isAllLost && faultKinds.every((fault) => isGuaranteed(guarantees, verdict.invariant, fault, mode));
      return verdictRow(verdict, { target, experiment, mode, guaranteed, exposure });
    });
  });
  const faults = exposure.faults.map(({ fault, effective, interrupted, leftWaiting }) => ({
    target,
    id: fault.fault,
    kind: fault.faultKind,
    effective,
    interrupted: interrupted.length,
    leftWaiting: leftWaiting.length,
    overstayed: tellsToLeave(fault)
      ? fault.workers.filter((worker) => wasKilled(worker, history)).length
      : null,
    ...cutOffIn(fault, history),
  }));
  return { verdicts, faults };
}

/** Whether a worker that was told to leave did not, until it was killed. */
function wasKilled(worker: string, { workers }: History): boolean {
  return workers.get(worker)?.exited?.signal === "SIGKILL";
}

/** Whether nothing else is done to the store's sessions than that it loses what it has. */
function losesNothingElse(faultKinds: readonly FaultKind[]): boolean {
  return faultKinds.length > 0 && faultKinds.every((kind) => losses.includes(kind));
}

/** Whether the store lost all that it had at once: of that nothing is promised, and there is nobody left to whom it is. */
function keptNothing({ forgettings, entries: [first] }: History): boolean {
  return first !== undefined && forgettings.some(({ fromMs }) => fromMs <= first.at);
}

/** Nothing passes in a run without a fault: what it would show, every test of the happy path shows. */
function unproved(verdict: Verdict): Verdict {
  if (verdict.verdict !== "pass") return verdict;
  return { ...verdict, verdict: "unknown", reason: "the plan holds no fault, so nothing is proved" };
}

/** Nothing passes in a run of which a planned kind of fault hit nobody at all: it was to show that this kind is survived. */
function unlessIneffective(verdict: Verdict, exposure: Exposure, planned: ReadonlySet<FaultKind>): Verdict {
  const ineffective = ineffectiveKinds(exposure).find((kind) => planned.has(kind));
  if (ineffective === undefined || verdict.verdict !== "pass") return verdict;
  return { ...verdict, verdict: "unknown", reason: `no ${ineffective} of this run hit anybody` };
}

interface RowContext {
  readonly target: string;
  readonly experiment: string;
  readonly mode: SessionMode;
  readonly guaranteed: boolean;
  readonly exposure: Exposure;
}

function verdictRow(
  verdict: Verdict,
  { target, experiment, mode, guaranteed, exposure }: RowContext,
): VerdictRow {
  const { violations, ...figures } = verdict;
  const { exposed, violatingExposed } = figures;
  const interval = guaranteed || exposed === 0 ? null : rateInterval(violatingExposed, exposed);
  return {
    target,
    experiment,
    mode,
    guaranteed,
    ...figures,
    faultsInjected: exposure.faults.length,
    faultsEffective: exposure.faults.filter(({ effective }) => effective).length,
    violationCount: violations.length,
    violations: violations.slice(0, violationsKept).map((violation) => ({
      ...violation,
      evidence: violation.evidence.map((entry) => ({ ...entry })),
    })),
    rate95: interval === null ? null : [interval.low, interval.high],
  };
}
