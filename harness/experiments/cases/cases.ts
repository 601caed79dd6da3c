/**
 * The crash matrix and the claims, side by side: both are made of cases that mostly wait, so they share one pool of
 * lanes for each target, and the pool is what two cores bear.
 */
import pLimit from "p-limit";
import { sessionModeSchema } from "../../plan/plan-schema.ts";
import { withCaseCounts } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import type { Found } from "../../run/run-experiments.ts";
import type { Target } from "../../targets/targets.ts";
import { type Claim, declaredOn } from "../claims/claim.ts";
import { playClaims } from "../claims/play.ts";
import { crashMatrix } from "../crash-matrix/crash-matrix.ts";
import type { CrashPoint } from "../crash-matrix/crash-points.ts";
import { caseTiming } from "../profiles.ts";

export interface Cases {
  readonly points: readonly CrashPoint[];
  /** How many lives of a session die at each point. */
  readonly depth: number;
  readonly claims: readonly Claim[];
}

/** Plays the cases on the targets, as many at once as play a plan at once. */
export async function playCases(
  run: Run,
  targets: readonly Target[],
  { points, depth, claims }: Cases,
): Promise<Found> {
  const { lanes: lanesOfTwo, ...timing } = caseTiming;
  const atOnce = Math.min(targets.length, run.targetsAtOnce);
  const lanes = Math.max(1, Math.min(lanesOfTwo, Math.floor((2 * lanesOfTwo) / atOnce)));
  const totalOf = (target: Target) =>
    points.length * sessionModeSchema.options.length +
    claims.filter((claim) => declaredOn(claim, target) !== undefined).length;
  const play = async (target: Target, onCase: () => void) => {
    const inLane = pLimit(lanes);
    const settings = { ...timing, inLane };
    // Claims first: lanes are given in the order in which they are asked for, and the longest cases are claims.
    const [ofClaims, ofMatrix] = await Promise.all([
      claims.length > 0 ? playClaims(run, target, { ...settings, claims }, onCase) : null,
      points.length > 0 ? crashMatrix(run, target, { ...settings, points, depth }, onCase) : null,
    ]);
    const storeVersion = ofClaims?.storeVersion ?? ofMatrix?.storeVersion ?? "";
    return { storeVersion, claims: ofClaims?.rows ?? [], crashMatrix: ofMatrix?.rows ?? [] };
  };
  const played = await withCaseCounts(targets, totalOf, play, atOnce);
  return {
    storeVersions: played.map(({ storeVersion }) => storeVersion),
    crashMatrix: played.flatMap((each) => each.crashMatrix),
    claims: played.flatMap((each) => each.claims),
  };
}
