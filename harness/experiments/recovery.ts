/**
 * The experiment `recovery`: how long a session that a fault interrupted waits for its next execution. Each kind of
 * fault that takes a worker or the store away gets a run with nothing else in it; a small case at each engine's own
 * default lease, which mostly waits, goes on beside them.
 */
import { drawPlan } from "../faults/draw-plan.ts";
import { faultCountsOf, faultMixOf } from "../faults/fault-mix.ts";
import type { PlannedFaultKind } from "../faults/fault-schema.ts";
import type { Target } from "../targets.ts";
import { chaos } from "./chaos.ts";
import type { Experiment } from "./conduct.ts";
import { recoverAtDefaultLease } from "./default-lease.ts";
import { recoveryShape } from "./profiles.ts";
import { withProgress } from "./progress.ts";

const kinds = ["kill", "terminate", "pause", "partition", "kill-store"] as const satisfies PlannedFaultKind[];

/** Plays one plan after another, each on all targets at once. */
export function recovery(targets: readonly Target[], seed: number): Experiment {
  return async (run) => {
    const { retryDelayMs } = recoveryShape;
    const atDefaults = Promise.all(targets.map((target) => recoverAtDefaultLease(run, target, retryDelayMs)));
    atDefaults.catch(() => {}); // awaited below; whatever fails before that ends the run by itself
    const played = [];
    for (const kind of kinds) {
      const faults = faultCountsOf(faultMixOf(kind), recoveryShape);
      const plan = drawPlan(seed, { ...recoveryShape, faults });
      const experiment = `recovery-from-${kind}`;
      played.push(
        ...(await withProgress(plan, targets, (target, order, watch) =>
          chaos(run, plan, target, order, watch, experiment),
        )),
      );
    }
    return {
      storeVersions: played.map(({ storeVersion }) => storeVersion),
      verdicts: played.flatMap(({ verdicts }) => verdicts),
      faults: played.flatMap(({ faults }) => faults),
      recovery: [...played.flatMap((each) => each.recovery), ...(await atDefaults)],
    };
  };
}
