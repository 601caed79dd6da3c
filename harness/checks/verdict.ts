/**
 * What a checker answers. Three values and their priority follow Jepsen: a violation outranks ignorance,
 * and ignorance outranks success, so a report can only look worse than the truth, never better.
 */
import type { Entry } from "../history/entry.ts";
import type { History } from "../history/history.ts";
import type { PlannedSession } from "../faults/plan-schema.ts";

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

/** What one checker found in a history. */
export interface Finding {
  /** Sessions examined. */
  readonly sessions: number;
  /** Ids of the sessions that a fault of the kind this invariant is about had hit. */
  readonly exposed: ReadonlySet<string>;
  readonly violations: readonly Violation[];
}

/** An invariant. `check` is pure and linear in the history; `sessions` are those to judge, all of one mode. */
export interface Invariant {
  readonly id: InvariantId;
  /** The sentence that it puts to the test. */
  readonly sentence: string;
  readonly check: (history: History, sessions: readonly PlannedSession[]) => Finding;
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
  /** Upper 95 % bound on the violation rate over `exposed` (Clopper–Pearson, one-sided); null when nothing was exposed. */
  readonly upper95: number | null;
}

const priority: Record<VerdictValue, number> = { pass: 0, unknown: 1, fail: 2 };

/** The verdict of several together: `fail` outranks `unknown` outranks `pass`. No verdicts at all prove nothing: `unknown`. */
export function mergeVerdicts(verdicts: readonly VerdictValue[]): VerdictValue {
  const [first, ...rest] = verdicts;
  return first === undefined ? "unknown" : rest.reduce((a, b) => (priority[a] >= priority[b] ? a : b), first);
}
