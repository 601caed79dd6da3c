/** What can fail in a run: each thing that was judged, and the exit code that follows from all of them. */
import type { VerdictValue } from "../checks/verdict.ts";
import type { RunFacts } from "./run-facts.ts";
import { isByTheBook } from "./target-name.ts";

/** One thing that was judged and decides; what is only measured is none. */
export interface Decision {
  /** An experiment, and what was put to it; the same in every run, so that a CI server can show the past of each. */
  readonly suite: string;
  readonly name: string;
  /** Null where it is about none. */
  readonly target: string | null;
  readonly verdict: VerdictValue;
  /** Whether an `unknown` makes the run exit 2: it does where the experiment was to put this to the test. */
  readonly unknownDecides: boolean;
  /** What was found, in one line. */
  readonly found: string;
  /** What shows it, a line each. */
  readonly evidence: readonly string[];
  /** The id of the element of the page that shows it. */
  readonly anchor: string;
}

export type ResultsExitCode = 0 | 1 | 2;

/** What of a run decides its exit code. */
export interface Decisive {
  readonly targets: RunFacts["targets"];
  readonly decisions: readonly Pick<Decision, "target" | "verdict" | "unknownDecides">[];
  /** Whether an experiment of the run injects faults: a target of which it decided nothing is then a finding of its own. */
  readonly judgesTargets: boolean;
}

/**
 * Pure. 1: something that was judged failed. 2: something that was to be put to the test stayed unknown, a target was
 * unavailable, or nothing at all was judged of one. 0: everything held. 1 outranks 2.
 */
export function exitCodeOf(decisive: Decisive): ResultsExitCode {
  const { decisions, targets } = decisive;
  if (decisions.some(({ verdict }) => verdict === "fail")) return 1;
  if (decisions.some(({ verdict, unknownDecides }) => verdict === "unknown" && unknownDecides)) return 2;
  if (targets.some(({ status }) => status === "unavailable")) return 2;
  return targetsNotJudged(decisive).length > 0 ? 2 : 0;
}

/** The targets that should have been judged and were not; of an engine by the book nothing is. Pure. */
export function targetsNotJudged({ targets, decisions, judgesTargets }: Decisive): readonly string[] {
  if (!judgesTargets) return [];
  const judged = new Set(decisions.map(({ target }) => target));
  return targets.map(({ name }) => name).filter((name) => !judged.has(name) && !isByTheBook(name));
}
