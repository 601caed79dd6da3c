/**
 * What a checker answers. Three values and their priority follow Jepsen: a violation outranks ignorance,
 * and ignorance outranks success, so a report can only look worse than the truth, never better.
 */
import type { Finding, Violation } from "./invariant.ts";
import type { InvariantId } from "./invariants/index.ts";

export type VerdictValue = "pass" | "fail" | "unknown";

/** A {@link Finding} judged. */
export interface Verdict {
  readonly invariant: InvariantId;
  readonly verdict: VerdictValue;
  /** Why the verdict is `unknown`; null otherwise. */
  readonly reason: string | null;
  readonly sessions: number;
  /** Of which the history cannot tell; they are not among `exposed`. */
  readonly undecided: number;
  readonly exposed: number;
  /** Distinct faults (and races) behind `exposed`: sessions hit by one fault are not independent. */
  readonly exposedClusters: number;
  readonly violations: readonly Violation[];
  /** How many of the exposed sessions broke the invariant. */
  readonly violatingExposed: number;
  /** Upper 95 % bound on the violation rate over `exposed` (Clopper–Pearson, one-sided); null when nothing was exposed. */
  readonly upper95: number | null;
}

const priority: Record<VerdictValue, number> = { pass: 0, unknown: 1, fail: 2 };

/** The verdict of several together: `fail` outranks `unknown` outranks `pass`. No verdicts at all prove nothing: `unknown`. */
export function mergeVerdicts(verdicts: readonly VerdictValue[]): VerdictValue {
  const [first, ...rest] = verdicts;
  return first === undefined ? "unknown" : rest.reduce((a, b) => (priority[a] >= priority[b] ? a : b), first);
}
