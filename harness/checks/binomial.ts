/**
 * What a count of violations says about the rate behind it. Clopper–Pearson, because it never promises more
 * than the sample holds, not even at zero violations, where the usual normal approximation says ±0.
 *
 * Source: C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of
 * the binomial", Biometrika 26 (1934), 404–413; here in its form by quantiles of the beta distribution.
 */
import betaQuantile from "@stdlib/stats-base-dists-beta-quantile";

/** A two-sided 95 % confidence interval of a rate. */
export interface RateInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * One-sided upper 95 % bound on the rate behind `count` events in `cases`. For none in n it is 1 − 0.05^(1/n),
 * about 3/n: the rule of three. Throws a RangeError unless 0 ≤ count ≤ cases and cases ≥ 1.
 */
export function upperBound95(count: number, cases: number): number {
  requireCounts(count, cases);
  return count === cases ? 1 : betaQuantile(0.95, count + 1, cases - count);
}

/** Two-sided 95 % interval of the rate behind `count` events in `cases`. Throws as {@link upperBound95} does. */
export function rateInterval(count: number, cases: number): RateInterval {
  requireCounts(count, cases);
  return {
    low: count === 0 ? 0 : betaQuantile(0.025, count, cases - count + 1),
    high: count === cases ? 1 : betaQuantile(0.975, count + 1, cases - count),
  };
}

function requireCounts(count: number, cases: number): void {
  const valid =
    Number.isInteger(count) && Number.isInteger(cases) && count >= 0 && count <= cases && cases >= 1;
  if (!valid) throw new RangeError(`no rate can be told from ${count} events in ${cases} cases`);
}
