/**
 * Whatever a session leaves behind costs for ever: a live token is a hole, a pending promise or job is memory.
 * Residue that belongs to nobody counts against everybody, as the session `-`.
 */
import type { InspectedEntry } from "../../history/history.ts";
import type { Invariant, Violation } from "../invariant.ts";
import { hitAnyhow } from "../session-by-session.ts";

/** Where nobody looked, nothing can be said: the verdict becomes `unknown`. */
export class NotInspectedError extends Error {
  override readonly name = "NotInspectedError";
  constructor(place: InspectedEntry["place"]) {
    super(
      `the ${place} was not inspected: the run ended before its last step, or its engine does not say how to look`,
    );
  }
}

export const noResidue: Invariant<"no-residue"> = {
  id: "no-residue",
  sentence: "no live token, cache entry, pending promise or task, queued job, or key without a TTL is left",
  check: ({ history, sessions }) => {
    const judged = new Set(sessions.map(({ session }) => session));
    const { world, store } = history.inspections;
    const violations = [world, store].flatMap((inspected) =>
      inspected === null ? [] : residueOf(inspected, judged),
    );
    if (violations.length === 0 && world === null) throw new NotInspectedError("world");
    if (violations.length === 0 && store === null) throw new NotInspectedError("store");

    const exposed = new Map<string, readonly string[]>();
    for (const session of sessions) {
      const clusters = hitAnyhow(session);
      if (clusters.length > 0) exposed.set(session.session, clusters);
    }
    return { sessions: sessions.length, undecided: 0, exposed, violations };
  },
};

function residueOf(inspected: InspectedEntry, judged: ReadonlySet<string>): readonly Violation[] {
  return inspected.residue
    .filter(({ session }) => session === null || judged.has(session))
    .map((residue) => ({
      session: residue.session ?? "-",
      what: `left in the ${inspected.place}: ${residue.what}`,
      // Cut down to this residue: an inspection that found much would otherwise be repeated for each piece.
      evidence: [{ ...inspected, residue: [residue] }],
    }));
}
