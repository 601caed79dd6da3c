/**
 * From a history to verdicts. What makes a verdict `unknown` is decided here and nowhere else: a witness that
 * contradicts itself, a checker that could not tell, or faults that hit nobody.
 */

import { messageOf } from "../errors.ts";
import type { Analysis } from "../history/analysis.ts";
import { isCalledTooLate } from "../history/clocks.ts";
import { forgottenWith } from "../history/forgets.ts";
import type { History } from "../history/history.ts";
import { type Law, published } from "../history/law.ts";
import type { PlannedSession } from "../plan/plan-schema.ts";
import { upperBound95 } from "./binomial.ts";
import type { Finding, Invariant, Judged, JudgedSession } from "./invariant.ts";
import type { InvariantId } from "./invariants/index.ts";
import { invariants } from "./invariants/index.ts";
import type { Verdict } from "./verdict.ts";

export interface JudgeSettings {
  /** Whether the run injected faults; then an invariant that none of them put to the test is `unknown`. */
  readonly faultsInjected: boolean;
  /** The version of the lifecycle that the sessions are judged by; the published one, where it is left out. */
  readonly law?: Law;
}

/**
 * One verdict per invariant, in their order. `sessions` are those to judge, all of one mode; where one of
 * them left nothing in the history, nothing passes. Pure; never throws.
 */
export function judge(
  analysis: Analysis,
  sessions: readonly Pick<PlannedSession, "sessionId">[],
  { faultsInjected, law }: JudgeSettings,
): readonly Verdict[] {
  const judged = caseOf(analysis, sessions, law);
  const missing = sessions.filter(({ sessionId }) => !analysis.history.sessions.has(sessionId)).length;
  const reason = `${missing} of ${sessions.length} planned sessions left nothing in the history: it is not whole`;
  return invariants
    .map((invariant) => judgeOne(invariant, judged, faultsInjected))
    .map((verdict) =>
      missing > 0 && verdict.verdict === "pass" ? { ...verdict, verdict: "unknown", reason } : verdict,
    );
}

/**
 * What is put before the checkers: `sessions` as they are in the history, with what hit them. One that the store forgot with
 * its start is not among them: nobody works for it any more, and how many there are is a figure. Pure; linear in the sessions.
 */
export function caseOf(
  { history, exposure: { hits }, settings }: Analysis,
  sessions: readonly Pick<PlannedSession, "sessionId">[],
  law: Law = published,
): Judged {
  const judged = sessions.flatMap(({ sessionId }): readonly JudgedSession[] => {
    const session = history.sessions.get(sessionId);
    return session === undefined ||
      forgottenWith(session, history) !== null ||
      isCalledTooLate(session, history, settings.clocks)
      ? []
      : [{ ...session, hits: hits.get(sessionId) ?? [] }];
  });
  return { history, sessions: judged, ...settings, law };
}

/** The verdict of one invariant on a case. Pure; never throws. */
export function judgeOne(
  invariant: Invariant<InvariantId>,
  judged: Judged,
  faultsInjected: boolean,
): Verdict {
  const reason = whyNotBelieved(judged.history);
  if (reason !== null) return unexamined(invariant, judged, reason);
  try {
    return verdictOf(invariant, invariant.check(judged), faultsInjected);
  } catch (error) {
    return unexamined(invariant, judged, messageOf(error));
  }
}

function verdictOf(
  invariant: Invariant<InvariantId>,
  { sessions, undecided, exposed, violations }: Finding,
  faultsInjected: boolean,
): Verdict {
  const violating = new Set(violations.map(({ session }) => session));
  const violatingExposed = [...violating].filter((session) => exposed.has(session)).length;
  const provesNothing = violations.length === 0 && (sessions === 0 || (exposed.size === 0 && faultsInjected));
  return {
    invariant: invariant.id,
    verdict: violations.length > 0 ? "fail" : provesNothing ? "unknown" : "pass",
    reason: provesNothing ? whyNothing(sessions) : null,
    sessions,
    undecided,
    exposed: exposed.size,
    exposedClusters: new Set([...exposed.values()].flat()).size,
    violations,
    violatingExposed,
    upper95: exposed.size === 0 ? null : upperBound95(violatingExposed, exposed.size),
  };
}

/** Why what the witness says is worth nothing: it contradicts itself, or made steps fail; null where neither is so. Pure. */
export function whyNotBelieved({ witnessFaults: [fault], refusals: [refusal] }: History): string | null {
  if (fault !== undefined) {
    const { effect, execution } = fault.landings[0];
    return `the witness contradicts itself: ${effect} landed twice in execution ${execution} of session ${fault.session}`;
  }
  if (refusal === undefined) return null;
  const { step, effect, session, error } = refusal;
  return `the world refused ${effect ?? "to begin"} in ${step} of session ${session}: ${error}`;
}

function whyNothing(sessions: number): string {
  return sessions === 0
    ? "there was no session to judge"
    : "of the sessions judged, none was hit in the way that this invariant is about";
}

function unexamined(invariant: Invariant<InvariantId>, judged: Judged, reason: string): Verdict {
  return {
    invariant: invariant.id,
    verdict: "unknown",
    reason,
    sessions: judged.sessions.length,
    undecided: 0,
    exposed: 0,
    exposedClusters: 0,
    violations: [],
    violatingExposed: 0,
    upper95: null,
  };
}
