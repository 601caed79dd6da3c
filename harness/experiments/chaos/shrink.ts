/**
 * For each target that violated a guarantee: the smallest plan found that still violates it, saved beside the plan that
 * was played. Searched for is the invariant that the most sessions violate: it comes back most surely, and others go with it.
 */
import { join, relative } from "node:path";
import { writePlan } from "../../plan/plan-file.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { shrinkPlan } from "../../plan/shrink-plan.ts";
import { playedPlan, playPlan } from "../../run/play-plan/play-plan.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../run/target.ts";
import { judgePlan } from "./judge.ts";
import type { SmallestPlanRow, VerdictRow } from "./rows.ts";

/**
 * Plays ever smaller plans on each target that violated a guarantee, one target after another, for at most `budgetMs`
 * and the play that is under way then.
 */
export async function smallestPlans(
  run: Run,
  targets: readonly Target[],
  plan: Plan,
  verdicts: readonly VerdictRow[],
  budgetMs: number,
): Promise<readonly SmallestPlanRow[]> {
  const violated = targets.flatMap((target) => {
    const rows = verdicts.filter((each) => each.target === target.name && isViolated(each));
    const [row] = rows.toSorted((a, b) => b.violatingExposed - a.violatingExposed);
    return row === undefined ? [] : [{ target, row }];
  });
  const found: SmallestPlanRow[] = [];
  for (const [index, { target, row }] of violated.entries()) {
    const { invariant, mode } = row;
    console.log(`Looking for a smaller plan that violates ${invariant} on ${target.name} too …`);
    const share = budgetMs / violated.length;
    const { smallest, tried } = await search(run, target, plan, row, share);
    const path = join(run.folder, `smallest-plan-${index + 1}.json`);
    if (smallest !== null) writePlan(path, smallest);
    const file = smallest === null ? null : relative(process.cwd(), path);
    const { sessions, faults } = smallest ?? plan;
    found.push({
      target: target.name,
      invariant,
      mode,
      file,
      tried,
      sessions: sessions.length,
      faults: faults.length,
    });
  }
  return found;
}

async function search(run: Run, target: Target, plan: Plan, row: VerdictRow, budgetMs: number) {
  const until = performance.now() + budgetMs;
  const [violation] = row.violations;
  let tried = 0;
  const fails = async (candidate: Plan) => {
    const experiment = `smaller-plan-${++tried}`;
    const entries = await playPlan({ run, experiment, target, plan: candidate, watch: () => {} });
    const { verdicts } = judgePlan(playedPlan(entries, { experiment, target, plan: candidate }));
    return verdicts.some((each) => each.invariant === row.invariant && isViolated(each));
  };
  const mayGoOn = () => performance.now() < until;
  const smallest =
    violation === undefined ? null : await shrinkPlan(plan, { sessionId: violation.session, fails, mayGoOn });
  return { smallest, tried };
}

function isViolated({ guaranteed, verdict }: VerdictRow): boolean {
  return guaranteed && verdict === "fail";
}
