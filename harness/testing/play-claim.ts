/** Test support: one claim, played on the targets and on broken copies of them. */
import pLimit from "p-limit";
import { playClaims } from "../experiments/claims/play.ts";
import type { Run } from "../run/run.ts";
import type { Target } from "../run/target.ts";

/** Plays a claim on a target, and resolves with the names of its figures that are out of their bounds. `attempt` tells ledgers apart. */
export async function refutingFigures(
  run: Run,
  target: Target,
  claim: string,
  attempt = 0,
): Promise<readonly string[]> {
  const settings = { leaseMs: 1000, retryDelayMs: 200, claims: [claim] };
  const [row] = await playClaims(run, target, settings, pLimit(5), () => {}, attempt);
  if (row === undefined) throw new Error(`${claim} does not concern ${target.name}`);
  return row.evidence.flatMap((each) => {
    if (each.kind === "quote" || each.expected === null) return [];
    const [from, to] = each.expected;
    const { value } = each;
    return value === null || value < from || value > (to ?? value) ? [each.what] : [];
  });
}
