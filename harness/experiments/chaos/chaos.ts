/**
 * The experiment `chaos`: random faults from a plan over many concurrent sessions. Targets play the same
 * plan at the same time on the same machine, as many as it has cores, so that what disturbs one disturbs another too.
 */
import { setTimeout as delay } from "node:timers/promises";
import { rateInterval } from "../../checks/binomial.ts";
import { isGuaranteed } from "../../checks/guarantees.ts";
import { judge } from "../../checks/judge.ts";
import type { Verdict } from "../../checks/verdict.ts";
import { type Exposure, exposureOf, idleKinds } from "../../history/exposure.ts";
import { indexHistory } from "../../history/history.ts";
import { recoveriesOf } from "../../history/recovery.ts";
import { type Plan, type SessionMode, sessionModeSchema } from "../../plan/plan-schema.ts";
import type { Results, VerdictRow } from "../../report/results-schema.ts";
import { playPlan } from "../../run/play-plan.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../targets/targets.ts";
import type { Entry } from "../../world/entry.ts";
import { recoveryRow } from "../recovery/row.ts";

/** The rows of `results.json` that this experiment fills, of one target. */
export interface ChaosRows extends Pick<Results, "verdicts" | "faults" | "recovery"> {
  readonly storeVersion: string;
}

/**
 * Two targets that restart all their workers at the same instant would measure the machine's cores, not the engines.
 * In the profiles a kill-all and what follows from it take about twice as long as this.
 */
const staggerMs = 3000;
/** A report shows so many violations of one verdict; the count is always whole. */
const violationsShown = 10;

/** Plays the plan on one of the targets of a comparison, the `index`th, and judges what happened. */
export async function chaos(
  run: Run,
  plan: Plan,
  target: Target,
  index: number,
  watch: (entry: Entry) => void,
  experiment = "chaos",
): Promise<ChaosRows> {
  await delay((index % run.targetsAtOnce) * staggerMs);
  const { entries, storeVersion } = await playPlan({ run, experiment, target, plan, watch });
  return { storeVersion, ...judgeChaos(entries, plan, target.name, experiment) };
}

/** From the ledger of one target to its rows. Pure. */
export function judgeChaos(
  entries: readonly Entry[],
  plan: Plan,
  target: string,
  experiment: string,
): Omit<ChaosRows, "storeVersion"> {
  const history = indexHistory(entries);
  const exposure = exposureOf(history, plan.leaseMs);
  const settings = { faultsInjected: plan.faults.length > 0, leaseMs: plan.leaseMs };
  const faultKinds = [...new Set(plan.faults.map(({ kind }) => kind))];
  const verdicts = sessionModeSchema.options.flatMap((mode) => {
    const sessions = plan.sessions.filter((session) => session.mode === mode);
    return judge(history, sessions, settings).map((judged) => {
      const verdict = unlessIdle(judged, exposure);
      // Without any fault there is nothing to be excused by: everything is guaranteed, in both modes.
      const guaranteed = faultKinds.every((fault) => isGuaranteed(verdict.invariant, target, fault, mode));
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
  }));
  const recovery = [...recoveriesOf(history, exposure)].map(([faultKind, recoveries]) =>
    recoveryRow(recoveries, { target, faultKind, leaseMs: plan.leaseMs, leaseIsDefault: false }),
  );
  return { verdicts, faults, recovery };
}

/** Nothing passes in a run of which a kind of fault hit nobody at all: it was to show that this kind is survived. */
function unlessIdle(verdict: Verdict, exposure: Exposure): Verdict {
  const [idle] = idleKinds(exposure);
  if (idle === undefined || verdict.verdict !== "pass") return verdict;
  return { ...verdict, verdict: "unknown", reason: `no ${idle} of this run hit anybody` };
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
    violations: violations.slice(0, violationsShown).map((violation) => ({
      ...violation,
      evidence: violation.evidence.map((entry) => ({ ...entry })),
    })),
    rate95: interval === null ? null : [interval.low, interval.high],
  };
}
