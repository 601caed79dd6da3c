/** From the recoveries of a run to what its results say of them. Pure. */
import { build } from "hdr-histogram-js";
import type { Recovery } from "../history/recovery.ts";
import type { RecoveryRow } from "../report/results-schema.ts";

/** Percentiles over the intervals that no other fault cut short; null where there is none. */
function figuresOf(recoveries: readonly Recovery[]) {
  const whole = recoveries.filter(({ censored }) => !censored);
  const histogram = build({ numberOfSignificantValueDigits: 3 });
  for (const { recoveryMs } of whole) histogram.recordValue(recoveryMs);
  const percentile = (percent: number) =>
    whole.length === 0 ? null : histogram.getValueAtPercentile(percent);
  return {
    intervals: whole.length,
    censored: recoveries.length - whole.length,
    p50Ms: percentile(50),
    p95Ms: percentile(95),
    p99Ms: percentile(99),
    maxMs: whole.length === 0 ? null : Math.max(...whole.map(({ recoveryMs }) => recoveryMs)),
  };
}

/** One row: how long the sessions that faults of one kind interrupted waited for their next execution. */
export function recoveryRow(
  recoveries: readonly Recovery[],
  of: Pick<RecoveryRow, "target" | "faultKind" | "leaseMs" | "leaseIsDefault">,
): RecoveryRow {
  return { ...of, ...figuresOf(recoveries) };
}
