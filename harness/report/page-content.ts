/** What is embedded in the page of a run, and what a section of it is. */
import type { Decision } from "./decision.ts";
import type { Sentence } from "./report.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Timeline } from "./timeline/timeline-schema.ts";

/** What proves a decision stands in the section that shows it. */
export type ShownDecision = Omit<Decision, "evidence">;

/** `Rows` are the arrays of `results.json`, and `Extras` what else is embedded, that whoever draws it reads. */
export interface PageContent<Rows = unknown, Extras = unknown> {
  readonly results: RunFacts & Rows;
  readonly sentences: readonly Sentence[];
  readonly decisions: readonly ShownDecision[];
  /** The packages of each engine, by the key that their versions have. */
  readonly packages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The targets that are compared until a reader chooses others. */
  readonly compared: readonly string[];
  /** Null where the run's history was not at hand. */
  readonly timeline: Timeline | null;
  readonly extras: Extras;
}
