/**
 * What a rule of conformance is: a sentence of the contract, what to do where it does not hold, and a provocation with
 * real processes that would show it broken. It is played on one session or a few, and says what was wrong in words.
 */

import type { SessionSpec } from "../../implementations/session/spec.ts";
import { judge } from "../checks/judge.ts";
import { analysisOf } from "../history/analysis.ts";
import type { History } from "../history/history.ts";
import { mostExecutions } from "../history/observe.ts";
import type { ScenarioContext } from "../scenarios/scenario.ts";

export interface Rule {
  readonly sentence: string;
  /** What to do where it is broken, in one line. */
  readonly fix: string;
  /** Whether no other is worth playing where it is broken. */
  readonly opensAll?: true;
  /** Resolves with all that was wrong; nothing where the rule is kept. */
  play(context: ScenarioContext): Promise<readonly string[]>;
}

/** What the invariants say of a case's sessions, all of one mode, in which nothing was done that may break them. */
export function violationsIn(
  history: History,
  specs: readonly SessionSpec[],
  leaseMs: number,
): readonly string[] {
  return judge(analysisOf(history, { leaseMs }), specs, { faultsInjected: false })
    .flatMap(({ invariant, violations }) => violations.map((violation) => ({ invariant, ...violation })))
    .map(({ invariant, session, what }) => `${invariant}, session ${session}: ${what}`);
}

/** Callers of a session who wait in vain. */
export function unanswered(
  history: History,
  { sessionId }: Pick<SessionSpec, "sessionId">,
  callers: number,
): readonly string[] {
  const session = history.sessions.get(sessionId);
  const failed = (session?.entries ?? []).flatMap((entry) =>
    entry.kind === "start-failed" || entry.kind === "result-failed"
      ? [`${entry.caller}: ${entry.error}`]
      : [],
  );
  const missing = callers - (session?.results.length ?? 0) - failed.length;
  const last = session?.begins.at(-1)?.step;
  const reached = last === undefined ? "no step has begun" : `the last step that began is ${last}`;
  return [
    ...failed,
    ...(missing > 0
      ? [`${missing} of ${callers} callers of session ${sessionId} got no answer; ${reached}`]
      : []),
  ];
}

/** Steps that ran more than once where nothing makes them. */
export function repeated(history: History, spec: SessionSpec): readonly string[] {
  const most = mostExecutions(history, spec, []);
  return most > 1 ? [`a step of session ${spec.sessionId} was executed ${most} times`] : [];
}
