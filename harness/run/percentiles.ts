/** Percentiles of measured times, by HDR histogram: exact to three digits, whatever the range. */
import { build } from "hdr-histogram-js";

export interface Percentiles {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

/**
 * Of times that are not negative, ms; null where there are none. The histogram answers with the top of the range that a
 * value falls in, which may lie above the greatest value: no percentile is told as more than that. Pure.
 */
export function percentilesOf(timesMs: readonly number[]): Percentiles {
  if (timesMs.length === 0) return { p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null };
  const histogram = build({ numberOfSignificantValueDigits: 3 });
  let maxMs = 0;
  for (const timeMs of timesMs) {
    histogram.recordValue(Math.round(timeMs * 1000));
    maxMs = Math.max(maxMs, timeMs);
  }
  const percentileMs = (percent: number) => Math.min(maxMs, histogram.getValueAtPercentile(percent) / 1000);
  return { p50Ms: percentileMs(50), p95Ms: percentileMs(95), p99Ms: percentileMs(99), maxMs };
}
