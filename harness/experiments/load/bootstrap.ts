/** What several rounds say about the figure behind them: its median, an interval for it, and whether it moved meanwhile. */
import { drawsOf } from "../../draw.ts";
import type { Estimate } from "../../report/schema-parts.ts";

const resamples = 2_000;
/** Rounds drift when those of the second half lie so far above or below those of the first, and each half has several. */
const driftTolerated = 0.1;

/**
 * The median with its 95 % percentile-bootstrap interval (Efron & Tibshirani, An Introduction to the Bootstrap, ch. 13).
 * The resamples are drawn from a fixed seed, so that the same rounds always say the same. Pure.
 * @throws RangeError when there is no value.
 */
export function estimateOf(values: readonly number[]): Estimate {
  if (values.length === 0) throw new RangeError("an estimate needs at least one value");
  const draw = drawsOf(1, 1);
  const medians = Array.from(
    { length: resamples },
    () => medianOf(values.map(() => values[draw(0, values.length - 1)] as number)), // the index is in range
  ).sort((a, b) => a - b);
  const value = medianOf(values);
  const at = (share: number) => medians[Math.round(share * (resamples - 1))] as number; // likewise
  return { value, low95: Math.min(value, at(0.025)), high95: Math.max(value, at(0.975)) };
}

/** Whether later rounds differ from earlier ones by more than chance would explain at a glance. Pure. */
export function drifts(values: readonly number[]): boolean {
  const half = Math.floor(values.length / 2);
  if (half < 2) return false;
  const change = medianOf(values.slice(-half)) / medianOf(values.slice(0, half)) - 1;
  return Math.abs(change) > driftTolerated;
}

/** The middle value, or the mean of the two in the middle. Pure. */
export function medianOf(values: readonly number[]): number {
  const inOrder = values.toSorted((a, b) => a - b);
  const middle = inOrder.length / 2;
  const [low = Number.NaN, high = low] = inOrder.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (low + high) / 2;
}
