/** Test support: a verdict in which everything that a test does not ask about is as usual. */
import type { VerdictRow } from "../experiments/chaos/rows.ts";

export function verdictRow(
  row: Pick<VerdictRow, "target" | "mode" | "invariant"> & Partial<VerdictRow>,
): VerdictRow {
  return {
    experiment: "chaos",
    guaranteed: true,
    verdict: "pass",
    reason: null,
    sessions: 500,
    undecided: 0,
    exposed: 300,
    exposedClusters: 31,
    faultsInjected: 36,
    faultsEffective: 34,
    violatingExposed: 0,
    violationCount: 0,
    violations: [],
    upper95: 0.00994,
    rate95: null,
    ...row,
  };
}
