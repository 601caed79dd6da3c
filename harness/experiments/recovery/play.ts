/**
 * The runs of `recovery`: each kind of fault that takes a worker or the store away gets a run with nothing else in it; a
 * small case at each engine's own default lease, which mostly waits, goes on beside them.
 */

import type { PlannedFault, PlannedFaultKind } from "../../faults/kinds/faults.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import { faultCountsOf, faultMixOf } from "../../plan/fault-mix.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { playOnTargets } from "../../run/play-plan/play-plan.ts";
import { type FoundRows, joined, type Part } from "../../run/run-experiments.ts";
import { type Target, whyNotTaken } from "../../run/target.ts";
import type { PlayContext } from "../experiment.ts";
import { hasDefaultLease, playAtDefaultLease } from "./default-lease.ts";
import type { RecoverySettings } from "./settings.ts";

const cutOffLeases = 1.5;
export const recoveryKinds = [
  "kill",
  "terminate",
  "pause",
  "partition",
  "kill-store",
] as const satisfies PlannedFaultKind[];

/** The name of the ledger of a kind's run. */
export function ledgerOf(kind: (typeof recoveryKinds)[number]): string {
  return `recovery-from-${kind}`;
}

/** Plays one plan after another, each on those targets that can take its faults. */
export function playRecovery({ targets, seed, judgePlan }: PlayContext, settings: RecoverySettings): Part {
  return async (run) => {
    const atDefaults = Promise.all(
      targets.filter(hasDefaultLease).map((target) => playAtDefaultLease(run, target, settings.retryDelayMs)),
    );
    atDefaults.catch(() => {}); // awaited below; whatever fails before that ends the run by itself
    let found: FoundRows = {};
    for (const { kind, able, unable } of runsOf(targets)) {
      for (const target of unable)
        console.log(`${target.name} takes no ${kind}: ${whyNotTaken(target, kind)}.`);
      const faults = faultCountsOf(faultMixOf(kind), settings);
      const plan = withWorkersCutOff(drawPlan(seed ?? 0, { ...settings, faults }));
      const played = await playOnTargets(run, plan, able, ledgerOf(kind));
      found = played.map(judgePlan).reduce(joined, found);
    }
    return (await atDefaults).reduce<FoundRows>(joined, found);
  };
}

/** One run for each kind of fault, with the targets that can take it and those that cannot. Pure. */
export function runsOf<Played extends Pick<Target, "name" | "faults">>(targets: readonly Played[]) {
  return recoveryKinds.map((kind) => ({
    kind,
    able: targets.filter(({ faults }) => faults.includes(kind)),
    unable: targets.filter(({ faults }) => !faults.includes(kind)),
  }));
}

/**
 * Every partition cuts a worker off for longer than its lease: of the others that a plan draws, those of clients interrupt
 * nobody, and broken connections are made again before anybody is missed. Pure.
 */
export function withWorkersCutOff(plan: Plan): Plan {
  const counter = plan.faults.keys();
  const faults = plan.faults.map((fault): PlannedFault => {
    if (fault.kind !== "partition") return fault;
    const slot = (counter.next().value ?? 0) % plan.workers;
    const how = { kind: "stop", direction: "both", forMs: cutOffLeases * plan.leaseMs } as const;
    return { ...fault, between: { kind: "worker", slot }, how };
  });
  return { ...plan, faults };
}
