/** From the recoveries of a run to what its results say of them. Pure. */
import type { Recovery } from "../../history/recovery.ts";
import { percentilesOf } from "../../run/percentiles.ts";
import type { RecoveryRow } from "./rows.ts";

/** Percentiles over the intervals that no other fault cut short; null where there is none. */
function figuresOf(recoveries: readonly Recovery[]) {
  const whole = recoveries.filter(({ censored }) => !censored);
  return {
    intervals: whole.length,
    censored: recoveries.length - whole.length,
    ...percentilesOf(whole.map(({ recoveryMs }) => recoveryMs)),
  };
}

/** One row: how long the sessions that faults of one kind interrupted waited for their next execution. */
export function recoveryRow(
  recoveries: readonly Recovery[],
  of: Pick<RecoveryRow, "target" | "faultKind" | "leaseMs" | "leaseIsDefault">,
): RecoveryRow {
  return { ...of, ...figuresOf(recoveries) };
}
