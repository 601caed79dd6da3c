/** How much of what proves a violation a report prints; `results.json` has the rest. */
import type { VerdictRow } from "../../report/results-schema.ts";

const shownViolations = 10;
const shownEntries = 20;

export interface ShownViolation {
  readonly session: string;
  readonly what: string;
  /** Ledger entries, a line of JSON each. */
  readonly entries: readonly string[];
  readonly hiddenEntries: number;
}

export interface Proof {
  readonly shown: readonly ShownViolation[];
  readonly hidden: number;
}

/** Pure. The text is as it came from outside. */
export function proofOf({ violations, violationCount }: VerdictRow): Proof {
  const shown = violations.slice(0, shownViolations).map(({ session, what, evidence }) => ({
    session,
    what,
    entries: evidence.slice(0, shownEntries).map((entry) => JSON.stringify(entry)),
    hiddenEntries: Math.max(0, evidence.length - shownEntries),
  }));
  return { shown, hidden: violationCount - shown.length };
}
