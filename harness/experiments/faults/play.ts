/** Plays one run after another, each on those targets that can take its fault, and judges them, at once or from a kept history. */
import { type PlayedPlan, playedPlan, playOnTargets } from "../../run/play-plan/play-plan.ts";
import { type FoundRows, joined, type Part } from "../../run/run-experiments.ts";
import type { Target } from "../../run/target.ts";
import type { KeptRun, PlayContext } from "../experiment.ts";
import { type JudgedGuarantee, notPlayed, outcomeOf } from "./outcome.ts";
import { type FaultOutcomeRows, ledgerOf } from "./rows.ts";
import { type FaultRun, faultRunsNamed, planOf, whyNotPlayed } from "./runs.ts";
import type { FaultsSettings } from "./settings.ts";

export function playFaults({ targets, seed, judgePlan }: PlayContext, settings: FaultsSettings): Part {
  return async (run) => {
    let found: FoundRows = {};
    for (const fault of faultRunsNamed(settings.runs)) {
      const unable = unableTo(fault, targets);
      for (const { target, notTaken } of unable)
        console.log(`${target} takes no ${fault.name}: ${notTaken}.`);
      const able = targets.filter(({ name }) => !unable.some(({ target }) => target === name));
      const played = await playOnTargets(run, planOf(fault, settings, seed ?? 0), able, ledgerOf(fault.name));
      const rows = played.map((each) => judged(fault, each, judgePlan));
      found = [{ faultOutcomes: unable }, ...rows].reduce(joined, found);
    }
    return found;
  };
}

/** The same rows from its history. What an interrupted run did not come to is left out. Pure. */
export function judgedAgain({
  targets,
  settings,
  seed,
  judgePlan,
  entriesOf,
}: KeptRun<FaultsSettings>): FoundRows {
  return faultRunsNamed(settings.runs)
    .flatMap((fault) => {
      const plan = planOf(fault, settings, seed ?? 0);
      const experiment = ledgerOf(fault.name);
      const played = targets.flatMap((target) => {
        const entries = entriesOf(experiment, target.name);
        return entries.length === 0 ? [] : [playedPlan(entries, { experiment, target, plan })];
      });
      const rows = played.map((each) => judged(fault, each, judgePlan));
      return [{ faultOutcomes: unableTo(fault, targets) }, ...rows];
    })
    .reduce<FoundRows>(joined, {});
}

function unableTo(fault: FaultRun, targets: readonly Target[]): FaultOutcomeRows["faultOutcomes"] {
  return targets.flatMap((target) => {
    const why = whyNotPlayed(fault, target);
    return why === null ? [] : [notPlayed(target.name, fault, why)];
  });
}

function judged(fault: FaultRun, played: PlayedPlan, judgePlan: PlayContext["judgePlan"]): FoundRows {
  const rows = judgePlan(played);
  const verdicts = (rows.verdicts ?? []) as readonly JudgedGuarantee[]; // what chaos wrote
  const outcome = outcomeOf(
    played,
    fault,
    verdicts.filter(({ guaranteed }) => guaranteed),
  );
  return joined(rows, { faultOutcomes: [outcome] });
}
