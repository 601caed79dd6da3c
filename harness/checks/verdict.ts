/**
 * What a checker answers. Three values and their priority follow Jepsen: a violation outranks ignorance,
 * and ignorance outranks success, so a report can only look worse than the truth, never better.
 */

import type { History, SessionHistory } from "../history/history.ts";
import type { Hit } from "../history/hits.ts";
import type { Entry } from "../world/entry.ts";

export type VerdictValue = "pass" | "fail" | "unknown";

export const invariantIds = [
  "started-once",
  "login-once",
  "recorded-once",
  "in-order",
  "not-early",
  "timer-kept",
  "expired-once",
  "cleaned-once",
  "quiet-after",
  "completed",
  "result-true",
  "no-residue",
  "repeats-explained",
] as const;

export type InvariantId = (typeof invariantIds)[number];

/** One session that broke an invariant, with the ledger entries that prove it. */
export interface Violation {
  readonly session: string;
  readonly what: string;
  readonly evidence: readonly Entry[];
}

/** One session before the checkers: what it left in the history, and what hit it. */
export interface JudgedSession extends SessionHistory {
  /** In order of time. */
  readonly hits: readonly Hit[];
}

/** What is put before a checker. */
export interface Case {
  readonly history: History;
  /** Those to judge, all of one mode. A planned session that left nothing in the history is not among them. */
  readonly sessions: readonly JudgedSession[];
  /** How long a dead worker's work waited until another worker took it over, ms. */
  readonly leaseMs: number;
}

/** What one checker found in a case. */
export interface Finding {
  /** Number of sessions examined. */
  readonly sessions: number;
  /**
   * The sessions that a fault of the kind this invariant is about had hit, each with its clusters: the ids of those
   * faults, or of the race. Sessions that share a cluster are not independent.
   */
  readonly exposed: ReadonlyMap<string, readonly string[]>;
  readonly violations: readonly Violation[];
}

/** An invariant. `check` is pure and linear in the history; where it cannot tell, it throws, and the verdict is `unknown`. */
export interface Invariant {
  readonly id: InvariantId;
  /** The sentence that it puts to the test. */
  readonly sentence: string;
  readonly check: (judged: Case) => Finding;
}

/** A {@link Finding} judged. */
export interface Verdict {
  readonly invariant: InvariantId;
  readonly verdict: VerdictValue;
  /** Why the verdict is `unknown`; null otherwise. */
  readonly reason: string | null;
  readonly sessions: number;
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
