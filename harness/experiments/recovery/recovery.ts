/**
 * The experiment `recovery`: how long a session that a fault interrupted waits for its next execution. Each kind of
 * fault that takes a worker or the store away gets a run with nothing else in it; a small case at each engine's own
 * default lease, which mostly waits, goes on beside them.
 */
import { drawPlan } from "../../plan/draw-plan.ts";
import { faultCountsOf, faultMixOf } from "../../plan/fault-mix.ts";
import type { PlannedFault, PlannedFaultKind } from "../../plan/fault-schema.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { withProgress } from "../../run/progress.ts";
import type { Experiment } from "../../run/run-experiments.ts";
import type { Target } from "../../targets/targets.ts";
import { chaos } from "../chaos/chaos.ts";
import { recoveryShape } from "../profiles.ts";
import { recoverAtDefaultLease } from "./default-lease.ts";

const severedLeases = 1.5;
const kinds = ["kill", "terminate", "pause", "partition", "kill-store"] as const satisfies PlannedFaultKind[];

/** Plays one plan after another, each on those targets that can take its faults, as many at once as the machine has cores. */
export function recovery(targets: readonly Target[], seed: number): Experiment {
  return async (run) => {
    const { retryDelayMs } = recoveryShape;
    const atDefaults = Promise.all(targets.map((target) => recoverAtDefaultLease(run, target, retryDelayMs)));
    atDefaults.catch(() => {}); // awaited below; whatever fails before that ends the run by itself
    const played = [];
    for (const { kind, able, unable } of runsOf(targets)) {
      for (const { name } of unable)
        console.log(`${name} takes no ${kind}, since the run did not start its store.`);
      const faults = faultCountsOf(faultMixOf(kind), recoveryShape);
      const plan = severed(drawPlan(seed, { ...recoveryShape, faults }));
      const experiment = `recovery-from-${kind}`;
      played.push(
        ...(await withProgress(plan, able, run.targetsAtOnce, (target, order, watch) =>
          chaos(run, plan, target, order, watch, experiment),
        )),
      );
    }
    return {
      // In the order of the targets, since every one of them takes the first kind.
      storeVersions: played.map(({ storeVersion }) => storeVersion),
      verdicts: played.flatMap(({ verdicts }) => verdicts),
      faults: played.flatMap(({ faults }) => faults),
      recovery: [...played.flatMap((each) => each.recovery), ...(await atDefaults)],
    };
  };
}

/** One run for each kind of fault, with the targets that can take it and those that cannot. Pure. */
export function runsOf<Played extends Pick<Target, "name" | "faults">>(targets: readonly Played[]) {
  return kinds.map((kind) => ({
    kind,
    able: targets.filter(({ faults }) => faults.includes(kind)),
    unable: targets.filter(({ faults }) => !faults.includes(kind)),
  }));
}

/**
 * Every partition cuts a worker off for longer than its lease: of the others that a plan draws, those of clients interrupt
 * nobody, and broken connections are made again before anybody is missed. Pure.
 */
export function severed(plan: Plan): Plan {
  const slots = plan.faults.keys();
  const faults = plan.faults.map((fault): PlannedFault => {
    if (fault.kind !== "partition") return fault;
    const slot = (slots.next().value ?? 0) % plan.workers;
    const how = { kind: "stop", direction: "both", forMs: severedLeases * plan.leaseMs } as const;
    return { ...fault, between: { kind: "worker", slot }, how };
  });
  return { ...plan, faults };
}
