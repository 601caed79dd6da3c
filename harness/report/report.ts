/**
 * All that a report says of a run, before it is drawn in any format: plain, unescaped text and figures. No format knows
 * which experiments there are.
 */
import type { Decision, Decisive } from "./decision.ts";
import type { FigureRow } from "./figure-row.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Table } from "./table.ts";

/** What a reader takes away of one target, or of the harness. */
export interface Sentence {
  /** Null where it is about no single target. */
  readonly target: string | null;
  readonly text: string;
}

/** A guarantee that was violated, with what proves it. */
export interface ViolatedGuarantee {
  /** The guarantee and whose it is. */
  readonly where: string;
  /** How many sessions violated it. */
  readonly found: string;
  readonly shown: readonly ShownViolation[];
  /** Further violations, of which only the number is known. */
  readonly hidden: number;
}

export interface ShownViolation {
  readonly session: string;
  readonly what: string;
  /** Ledger entries, a line of JSON each. */
  readonly entries: readonly string[];
  readonly hiddenEntries: number;
}

/** What an experiment says beside its tables. */
export interface Remarks {
  /** How its tables are to be read. */
  readonly legend: readonly string[];
  /** What stayed unknown, and why. */
  readonly unknown: readonly string[];
  readonly violated: readonly ViolatedGuarantee[];
  /** Which smaller plans fail too, and how to play them. */
  readonly smallestPlans: readonly string[];
}

export interface Report extends Decisive, Remarks {
  readonly facts: RunFacts;
  readonly sentences: readonly Sentence[];
  /** The figures that decide, where several experiments have something to say: of one, its own table says it. */
  readonly headline: Table | null;
  /** Those of its figures that decide, a target a row; null where there is no headline. */
  readonly answer: Table | null;
  /** The tables that answer a question. */
  readonly overviews: readonly Table[];
  /** What those answers rest on. */
  readonly details: readonly Table[];
  /** Tables for a page with room for what decides and no more, such as the README. */
  readonly brief: readonly Table[];
  readonly decisions: readonly Decision[];
  /** Every figure, in the order of the report. */
  readonly figures: readonly FigureRow[];
}
