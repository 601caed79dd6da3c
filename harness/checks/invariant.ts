/** What an invariant is: a law about sessions, and a check that finds who broke it. */
import type { EngineClocks } from "../history/clocks.ts";
import type { History, SessionHistory } from "../history/history.ts";
import type { Hit } from "../history/hits.ts";
import type { Law } from "../history/law.ts";
import type { Entry } from "../world/entry.ts";

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
export interface Judged {
  readonly history: History;
  /** Those to judge, all of one mode. A planned session that left nothing in the history is not among them. */
  readonly sessions: readonly JudgedSession[];
  /** How long a dead worker's work waited until another worker took it over, ms. */
  readonly leaseMs: number;
  /** By whose clocks the engine tells what. */
  readonly clocks: EngineClocks;
  /** How long a step that failed was let rest before it was tried again, ms. */
  readonly retryDelayMs: number;
  /** The version of the lifecycle that they are to be judged by. */
  readonly law: Law;
}

/** What one checker found in a case. */
export interface Finding {
  /** Number of sessions examined. */
  readonly sessions: number;
  /** Those of which the history cannot tell; they are not among the exposed. */
  readonly undecided: number;
  /**
   * The sessions that a fault of the kind this invariant is about had hit, each with its clusters: the ids of those
   * faults, or of the race. Sessions that share a cluster are not independent.
   */
  readonly exposed: ReadonlyMap<string, readonly string[]>;
  readonly violations: readonly Violation[];
}

/** An invariant. `check` is pure and linear in the history; where it cannot tell, it throws, and the verdict is `unknown`. */
export interface Invariant<Id extends string = string> {
  /** As reports name it. */
  readonly id: Id;
  /** The sentence that it puts to the test. */
  readonly sentence: string;
  readonly check: (judged: Judged) => Finding;
}
