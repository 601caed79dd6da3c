/** How long it took from a fault until the sessions that it interrupted went on. */
import { type FaultKind, isArmed, isNoticed } from "../faults/kinds/faults.ts";
import type { Exposure } from "./exposure.ts";
import type { History } from "./history.ts";
import type { WorkHit } from "./hits.ts";

/** From a fault to the next execution of a session that it interrupted. */
export interface Recovery {
  readonly hit: WorkHit;
  /** From the fault's injection to the session's next work, by whomever, or as long as it was observed, ms. */
  readonly recoveryMs: number;
  /**
   * True where the interval was cut short: another fault left no worker who could have taken the session over
   * meanwhile, or the session never came back. It is counted, but is no measurement of recovery.
   */
  readonly censored: boolean;
}

/** The recovery of every interruption, by kind of fault. Pure. */
export function recoveriesOf(
  history: History,
  exposure: Exposure,
): ReadonlyMap<FaultKind, readonly Recovery[]> {
  const recoveries = new Map<FaultKind, Recovery[]>();
  for (const { fault, interrupted } of exposure.faults) {
    // After what a step is ordered to do, its own retry policy says when it goes on; and what is only noticed began before.
    if (isArmed(fault.faultKind) || isNoticed(fault.faultKind)) continue;
    const ofKind = recoveries.get(fault.faultKind) ?? [];
    recoveries.set(fault.faultKind, ofKind);
    for (const hit of interrupted) {
      const observedUntil = hit.resumedAt ?? history.endsAt;
      const cut = history.outages.find(
        ({ fault: other, fromMs }) => other !== fault && fromMs > hit.at && fromMs < observedUntil,
      );
      const recoveryMs = (cut?.fromMs ?? observedUntil) - fault.at;
      ofKind.push({ hit, recoveryMs, censored: cut !== undefined || hit.resumedAt === null });
    }
  }
  return recoveries;
}
