/** Plays one run after another, each on those targets that can take its fault. */
import { playOnTargets } from "../../run/play-plan/play-plan.ts";
import { type FoundRows, joined, type Part } from "../../run/run-experiments.ts";
import type { PlayContext } from "../experiment.ts";
import { type JudgedGuarantee, notPlayed, outcomeOf } from "./outcome.ts";
import { ledgerOf } from "./rows.ts";
import { faultRunsNamed, planOf, whyNotPlayed } from "./runs.ts";
import type { FaultsSettings } from "./settings.ts";

export function playFaults({ targets, seed, judgePlan }: PlayContext, settings: FaultsSettings): Part {
  return async (run) => {
    let found: FoundRows = {};
    for (const fault of faultRunsNamed(settings.runs)) {
      const able = targets.filter((target) => whyNotPlayed(fault, target) === null);
      const unable = targets.flatMap((target) => {
        const why = whyNotPlayed(fault, target);
        return why === null ? [] : [notPlayed(target.name, fault, why)];
      });
      for (const { target, notTaken } of unable)
        console.log(`${target} takes no ${fault.name}: ${notTaken}.`);
      const played = await playOnTargets(run, planOf(fault, settings, seed ?? 0), able, ledgerOf(fault.name));
      found = joined(found, { faultOutcomes: unable });
      for (const each of played) {
        const rows = judgePlan(each);
        const verdicts = (rows.verdicts ?? []) as readonly JudgedGuarantee[]; // what chaos wrote
        const outcome = outcomeOf(
          each,
          fault,
          verdicts.filter(({ guaranteed }) => guaranteed),
        );
        found = joined(joined(found, rows), { faultOutcomes: [outcome] });
      }
    }
    return found;
  };
}
