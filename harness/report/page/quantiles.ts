/** Quantiles of measured values, as a chart draws them. Pure. */
import { milliseconds, notMeasured } from "../numbers.ts";

/** The smallest value that at least this share of the values does not exceed (nearest rank); null of nothing. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** Points are drawn so many at most: more cannot be told apart. */
const pointsDrawn = 400;

/** The empirical distribution: after each value, which share of the values lies at or below it. Ends at 1. */
export function stepsOfShare(
  values: readonly number[],
): readonly { readonly value: number; readonly share: number }[] {
  const sorted = [...values].sort((a, b) => a - b);
  const every = Math.max(1, Math.ceil(sorted.length / pointsDrawn));
  return sorted.flatMap((value, index) =>
    index % every === 0 || index >= sorted.length - 20 ? [{ value, share: (index + 1) / sorted.length }] : [],
  );
}

/** The quantiles of several series, a series a row. */
export function quantileTable(
  series: readonly { readonly name: string; readonly values: readonly number[] }[],
  first: string,
) {
  return {
    headers: [first, "count", "p50", "p95", "p99", "max"],
    rows: series.map(({ name, values }) => [
      name,
      String(values.length),
      ...[0.5, 0.95, 0.99, 1].map((share) =>
        values.length === 0 ? notMeasured : milliseconds(quantile(values, share)),
      ),
    ]),
    note: null,
  };
}
