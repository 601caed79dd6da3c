/**
 * The frame that most invariants share: look at each session alone, say which faults exposed it and what
 * broke. It stands here so that an invariant's own file holds nothing but its law.
 */
import type { Step } from "../../implementations/session/steps.ts";
import { isMarkedIdle } from "../history/at-work.ts";
import type { Hit, WorkHit } from "../history/hits.ts";
import type { Invariant, Judged, JudgedSession, Violation } from "./invariant.ts";

export interface SessionRule<Id extends string = string> {
  readonly id: Id;
  readonly sentence: string;
  /** The clusters by which this session is exposed; none if it is not. */
  readonly exposure: (session: JudgedSession, judged: Judged) => readonly string[];
  /** Whether what it shows has another reason as well; such a session is counted, and must be neither exposed nor violated. */
  readonly isUndecided?: (session: JudgedSession, judged: Judged) => boolean;
  readonly violations: (session: JudgedSession, judged: Judged) => Iterable<Omit<Violation, "session">>;
}

/** An invariant that judges each session by itself. */
export function sessionBySession<Id extends string>(rule: SessionRule<Id>): Invariant<Id> {
  return {
    id: rule.id,
    sentence: rule.sentence,
    check: (judged) => {
      let undecided = 0;
      const exposed = new Map<string, readonly string[]>();
      const violations: Violation[] = [];
      for (const session of judged.sessions) {
        const clusters = rule.exposure(session, judged);
        if (rule.isUndecided?.(session, judged)) undecided += 1;
        if (clusters.length > 0) exposed.set(session.session, clusters);
        for (const found of rule.violations(session, judged))
          violations.push({ session: session.session, ...found });
      }
      return { sessions: judged.sessions.length, undecided, exposed, violations };
    },
  };
}

/** Exposed by any fault that hit the session, at work or in its wait. */
export function hitAnyhow(session: JudgedSession): readonly string[] {
  return session.hits.map(faultOf);
}

/** Exposed by a fault that came upon the session at work, in whatever step. */
export function interruptedAnywhere(session: JudgedSession): readonly string[] {
  return session.hits.filter(isAtWork).map(faultOf);
}

/** Exposed by a fault that came upon the session at work in such a step. */
export function interruptedIn(isSuchStep: (step: Step) => boolean): SessionRule["exposure"] {
  return ({ hits }) => hits.filter((hit) => isAtWork(hit) && isSuchStep(hit.step)).map(faultOf);
}

/** Interrupted, or brought to rest by a worker that was told to leave: either puts to the test whether work is repeated or lost. */
function isAtWork(hit: Hit): hit is WorkHit {
  if (hit.kind === "misclocked") return !isMarkedIdle(hit.lastWork);
  return hit.kind === "interrupted" || hit.kind === "drained";
}

/** Exposed by a fault that left no worker while the session waited. */
export function leftWaiting(session: JudgedSession): readonly string[] {
  return session.hits.filter(({ kind }) => kind === "left-waiting").map(faultOf);
}

/** Exposed by a clock that was set wrong while the session waited. */
export function misclockedInWait({ hits }: Pick<JudgedSession, "hits">): readonly string[] {
  return hits.filter((hit) => hit.kind === "misclocked" && isMarkedIdle(hit.lastWork)).map(faultOf);
}

function faultOf({ fault }: Hit): string {
  return fault.fault;
}
