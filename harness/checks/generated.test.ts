import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analysisOf } from "../history/analysis.ts";
import { type EffectEntry, indexHistory } from "../history/history.ts";
import { leaseMs } from "../testing/hand-written.ts";
import type { Entry } from "../world/entry.ts";
import { type Dimensions, generatedLedger } from "./generated.ts";
import { allThatKeysAllow, isGuaranteed } from "./guarantees.ts";
import { judge } from "./judge.ts";
import type { Verdict } from "./verdict.ts";

const dimensions = fc.record({
  seed: fc.integer(),
  mode: fc.constantFrom("idempotent", "naive"),
  sessions: fc.integer({ min: 1, max: 60 }),
  faults: fc.integer({ min: 0, max: 12 }),
  leaseMs: fc.constant(leaseMs),
}) satisfies fc.Arbitrary<Dimensions>;
const idempotent = dimensions.map((drawn): Dimensions => ({ ...drawn, mode: "idempotent" }));

function verdictsOn(entries: readonly Entry[]): readonly Verdict[] {
  const history = indexHistory(entries);
  const sessions = [...history.sessions.keys()].map((sessionId) => ({ sessionId }));
  return judge(analysisOf(history, { leaseMs }), sessions, { faultsInjected: false });
}

function failedOn(entries: readonly Entry[]): readonly Verdict[] {
  return verdictsOn(entries).filter(({ verdict }) => verdict === "fail");
}

function landingsOf(entries: readonly Entry[]): readonly EffectEntry[] {
  return entries.filter((entry): entry is EffectEntry => entry.kind === "landed");
}

/** Which invariant says that such an effect lands exactly once; for mark-idle, its absence shows in the wait. */
function guardOf({ step }: EffectEntry): string {
  switch (step) {
    case "login":
      return "login-once";
    case "mark-idle":
      return "not-early";
    case "expire":
      return "expired-once";
    case "cleanup":
      return "cleaned-once";
    default:
      return "recorded-once";
  }
}

describe("the invariants on generated histories", () => {
  it("raise no false alarm: a correct run under kills breaks nothing that is guaranteed", () => {
    fc.assert(
      fc.property(dimensions, (drawn) => {
        const broken = failedOn(generatedLedger(drawn)).map(({ invariant }) => invariant);
        expect(broken.filter((id) => isGuaranteed(allThatKeysAllow, id, "kill", drawn.mode))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("catch every lost landing, in the right session", () => {
    fc.assert(
      fc.property(idempotent, fc.nat(), (drawn, index) => {
        const entries = generatedLedger(drawn);
        const landings = landingsOf(entries);
        const lost = landings[index % landings.length];
        if (lost === undefined) throw new Error("nothing landed");
        const failed = failedOn(entries.filter((entry) => entry !== lost));
        const guard = failed.find(({ invariant }) => invariant === guardOf(lost));
        expect(guard?.violations.map(({ session }) => session)).toEqual([lost.session]);
      }),
    );
  });

  it("catch every landing of another execution that repeats one, in the right session", () => {
    fc.assert(
      fc.property(idempotent, fc.nat(), (drawn, index) => {
        const entries = generatedLedger(drawn);
        const landings = landingsOf(entries).filter(({ effect }) => effect !== "set-idle");
        const landing = landings[index % landings.length];
        if (landing === undefined) throw new Error("nothing landed");
        const again = { ...landing, execution: "another", seq: `${landing.seq}1` };
        const failed = failedOn(entries.flatMap((entry) => (entry === landing ? [entry, again] : [entry])));
        const guard = failed.find(({ invariant }) => invariant === guardOf(landing));
        expect(guard?.violations).toMatchObject([{ session: landing.session, evidence: [landing, again] }]);
      }),
    );
  });

  it("catch every execution that repeats another for no reason", () => {
    fc.assert(
      fc.property(idempotent, fc.nat(), (drawn, index) => {
        const entries = generatedLedger(drawn);
        const begins = entries.filter((entry) => entry.kind === "begin" && /^s\d/.test(entry.session));
        const begin = begins[index % begins.length];
        const failed = failedOn(entries.flatMap((entry) => (entry === begin ? [entry, entry] : [entry])));
        expect(failed.map(({ invariant }) => invariant)).toEqual(["repeats-explained"]);
      }),
    );
  });

  it("find no witness fault in a naive run, whose repeats land in executions of their own", () => {
    fc.assert(
      fc.property(dimensions, (drawn) => {
        expect(indexHistory(generatedLedger({ ...drawn, mode: "naive" })).witnessFaults).toEqual([]);
      }),
    );
  });

  it("judge a session the same whatever else is in the history", () => {
    fc.assert(
      fc.property(idempotent, fc.nat(), (drawn, index) => {
        const entries = generatedLedger(drawn);
        const only = `s${index % drawn.sessions}`;
        const isOthers = (entry: Entry) =>
          "session" in entry && /^s\d/.test(entry.session) && entry.session !== only;
        const alone = indexHistory(entries.filter((entry) => !isOthers(entry)));
        const settings = { faultsInjected: true };
        expect(judge(analysisOf(alone, { leaseMs }), [{ sessionId: only }], settings)).toEqual(
          judge(analysisOf(indexHistory(entries), { leaseMs }), [{ sessionId: only }], settings),
        );
      }),
    );
  });
});
