/** Plays a plan on several targets, and what fails once more, smaller. */
import { join } from "node:path";
import { writePlan } from "../../plan/plan-file.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { playOnTargets } from "../../run/play-plan/play-plan.ts";
import { type FoundRows, joined, type Part } from "../../run/run-experiments.ts";
import type { PlayContext } from "../experiment.ts";
import type { VerdictRow } from "./rows.ts";
import { smallestPlans } from "./shrink.ts";

/** Saves the plan and plays it on the targets; what fails is played again smaller, for so many seconds. */
export function playChaos(
  context: Pick<PlayContext, "targets" | "judgePlan">,
  plan: Plan,
  shrinkS: number,
): Part {
  const { targets } = context;
  return async (run) => {
    writePlan(join(run.folder, "plan.json"), plan);
    const played = await playOnTargets(run, plan, targets, "chaos");
    const rows = played.map((each) => context.judgePlan(each)).reduce<FoundRows>(joined, {});
    if (shrinkS === 0) return rows;
    const verdicts = (rows.verdicts ?? []) as readonly VerdictRow[]; // judge.ts wrote them
    return { ...rows, smallestPlans: await smallestPlans(run, targets, plan, verdicts, 1000 * shrinkS) };
  };
}
