/**
 * A step goes on from what the step before it recorded, and from nothing else. The world gives a receipt for each step, which the
 * lifecycle hands to the next: one that was minted for another step shows that a result was taken for another's, as happens
 * where results are found by their position and the code has changed. Receipts are ids of ledger entries, so that none
 * can be guessed, and each names the one before it. And the token that is revoked is one that was issued.
 */
import type { Step } from "../../../implementations/session/steps.ts";
import type { BeginEntry, EffectEntry } from "../../history/history.ts";
import { isUnder, type Law, stepsUnder } from "../../history/law.ts";
import type { Invariant, JudgedSession, Violation } from "../invariant.ts";
import { interruptedAnywhere, sessionBySession } from "../session-by-session.ts";
import { specsThatMayHaveRun } from "../spec-that-ran.ts";

export const ownResult: Invariant<"own-result"> = sessionBySession({
  id: "own-result",
  sentence: "each step goes on from what the step before it recorded",
  exposure: (session) => (handsReceipts(session) ? interruptedAnywhere(session) : []),
  isUndecided: (session) => session.begins.length > 1 && !handsReceipts(session),
  *violations(session, { law }) {
    if (handsReceipts(session)) yield* wronglyHanded(session, law);
    yield* wronglyRevoked(session);
  },
});

/** An implementation that calls the steps without receipts shows nothing; so do histories of versions that had none. */
function handsReceipts({ begins }: JudgedSession): boolean {
  return begins.some(({ after }) => after != null);
}

function* wronglyHanded(session: JudgedSession, law: Law): Iterable<Omit<Violation, "session">> {
  const landings = new Map(session.landed.map((landing) => [landing.seq, landing]));
  const orders = specsThatMayHaveRun(session).map(({ activities }) => stepsUnder(law, activities.length));
  for (const begin of session.begins) {
    if (!isUnder(law, begin.step)) continue; // what it lands is out of order
    const landing = begin.after == null ? null : landings.get(begin.after);
    const isOwn = orders.some(
      (steps) => landing !== undefined && (landing?.step ?? null) === stepBefore(begin.step, steps),
    );
    if (!isOwn) yield wrong(begin, landing);
  }
}

/** Null of the first. */
function stepBefore(step: Step, steps: readonly Step[]): Step | null {
  return steps[steps.indexOf(step) - 1] ?? null;
}

function wrong(begin: BeginEntry, landing: EffectEntry | null | undefined): Omit<Violation, "session"> {
  if (landing === null) return { what: `${begin.step} was handed no receipt`, evidence: [begin] };
  if (landing === undefined)
    return { what: `${begin.step} was handed a receipt that is none of its session`, evidence: [begin] };
  return { what: `${begin.step} was handed the receipt of ${landing.step}`, evidence: [landing, begin] };
}

function* wronglyRevoked({ landed }: JudgedSession): Iterable<Omit<Violation, "session">> {
  const issued = new Set(
    landed.flatMap(({ effect, payload }) => (effect === "issue-token" ? [payload.jti] : [])),
  );
  const revoked = landed.find(
    ({ effect, payload }) =>
      effect === "revoke-token" && payload.jti !== undefined && !issued.has(payload.jti),
  );
  if (revoked !== undefined) yield { what: "a token was revoked that was not issued", evidence: [revoked] };
}
