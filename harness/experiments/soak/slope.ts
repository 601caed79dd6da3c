/** By how much a figure grows with time: a straight line through its samples, and how sure that line is. */
import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";
import type { Slope } from "./rows.ts";

/** A time and what was seen then. */
export type Point = readonly [at: number, value: number];

/**
 * The slope of the least-squares line, in units of the value for each unit of time, with its 95 % interval. Of several lives
 * each has a level of its own, and all have one slope: what one ended with and the next begins with counts for nothing. Samples
 * are taken as independent. Null where there are too few samples, or all of one time. Pure.
 *
 * Source: N. R. Draper, H. Smith, Applied Regression Analysis, 3rd ed., ch. 1 and 14 (dummy variables).
 */
export function slopeOf(lives: readonly (readonly Point[])[]): Slope | null {
  const filled = lives.filter((life) => life.length > 0);
  const centred = filled.flatMap(aroundItsMean);
  const freedom = centred.length - filled.length - 1;
  const spread = sumOf(centred, ([at]) => at * at);
  if (freedom < 1 || spread === 0) return null;
  const value = sumOf(centred, ([at, seen]) => at * seen) / spread;
  const unexplained = sumOf(centred, ([at, seen]) => (seen - value * at) ** 2);
  const halfWidth = studentQuantile975(freedom) * Math.sqrt(unexplained / freedom / spread);
  return { value, low95: value - halfWidth, high95: value + halfWidth };
}

function aroundItsMean(life: readonly Point[]): readonly Point[] {
  const [meanAt, meanValue] = [0, 1].map((field) => sumOf(life, (point) => point[field] ?? 0) / life.length);
  return life.map(([at, value]) => [at - (meanAt ?? 0), value - (meanValue ?? 0)]);
}

function sumOf(points: readonly Point[], of: (point: Point) => number): number {
  return points.reduce((sum, point) => sum + of(point), 0);
}

/** Of Student's t: with n degrees of freedom, n / (n + t²) has the beta distribution of n / 2 and 1 / 2. */
function studentQuantile975(freedom: number): number {
  const share = betaQuantile(0.05, freedom / 2, 0.5);
  return Math.sqrt((freedom * (1 - share)) / share);
}
