import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Effect, effectsOf, type Step, stepsOf } from "../../implementations/session/steps.ts";
import { type Dimensions, generatedLedger } from "../checks/generated.ts";
import { type InvariantId, invariantIds } from "../checks/invariants/index.ts";
import { judge } from "../checks/judge.ts";
import { analysisOf } from "../history/analysis.ts";
import { type EffectEntry, indexHistory } from "../history/history.ts";
import type { Entry } from "../world/entry.ts";
import { leaseMs } from "./hand-written.ts";
import { type MutationName, mutations } from "./mutations.ts";
import { references } from "./oracle.ts";

const drawn = fc.record({
  seed: fc.integer(),
  mode: fc.constantFrom("idempotent", "naive"),
  sessions: fc.integer({ min: 2, max: 12 }),
  faults: fc.integer({ min: 0, max: 6 }),
  leaseMs: fc.constantFrom(leaseMs, leaseMs / 10), // at the shorter one, faults come late enough into a wait
}) satisfies fc.Arbitrary<Dimensions>;

/** The sessions that break each invariant that any breaks. */
function brokenIn(entries: readonly Entry[], lease = leaseMs): Readonly<Record<string, readonly string[]>> {
  const history = indexHistory(entries);
  const sessions = [...history.sessions.keys()].map((sessionId) => ({ sessionId }));
  const broken = judge(analysisOf(history, { leaseMs: lease }), sessions, { faultsInjected: false }).filter(
    ({ violations }) => violations.length > 0,
  );
  return Object.fromEntries(
    broken.map(({ invariant, violations }) => [
      invariant,
      [...new Set(violations.map(({ session }) => session))].toSorted(),
    ]),
  );
}

function brokenByReference(
  entries: readonly Entry[],
  lease: number,
): Readonly<Record<string, readonly string[]>> {
  const probes = new Set(entries.flatMap((entry) => (entry.kind === "offered" ? entry.sessions : [])));
  const named = entries.flatMap((entry) => ("session" in entry ? [entry.session] : []));
  const sessions = [...new Set(named)].filter((session) => !probes.has(session));
  const workers = entries.flatMap((entry) => (entry.kind === "offered" ? [entry.worker] : []));
  return Object.fromEntries(
    invariantIds.flatMap((id) => {
      const subjects = id === "nobody-deaf" ? workers : sessions;
      const broken = subjects.filter((session) => references[id](entries, session, lease)).toSorted();
      return broken.length > 0 ? [[id, broken]] : [];
    }),
  );
}

function landingsOf(entries: readonly Entry[]): readonly EffectEntry[] {
  return entries.filter((entry): entry is EffectEntry => entry.kind === "landed");
}

/** They are slow by design, and a busy machine makes them slower. */
const patient = { timeout: 120_000 };

const mutationNames = Object.keys(mutations) as MutationName[];
const mutationDrawn = fc.record({
  name: fc.constantFrom(...mutationNames),
  index: fc.nat(),
  amount: fc.integer({ min: -20_000, max: 20_000 }),
});

describe("the checkers and their references", () => {
  it("agree on correct histories and on broken ones, session by session", patient, () => {
    fc.assert(
      fc.property(drawn, fc.array(mutationDrawn, { maxLength: 4 }), (dimensions, drawnMutations) => {
        let entries = generatedLedger(dimensions);
        for (const { name, index, amount } of drawnMutations) {
          const landings = landingsOf(entries);
          const landing = landings[index % landings.length];
          if (landing !== undefined) entries = mutations[name](entries, landing, amount) ?? entries;
        }
        const lease = dimensions.leaseMs;
        expect(brokenIn(entries, lease)).toEqual(brokenByReference(entries, lease));
      }),
      { numRuns: 400 },
    );
  });
});

/** Kills and long waits close to each other, and marks of `mark-idle` a little too early: near every line that the invariant draws. */
const lateWakes = fc.record({
  seed: fc.integer(),
  mode: fc.constantFrom("idempotent", "naive"),
  sessions: fc.integer({ min: 8, max: 30 }),
  faults: fc.integer({ min: 4, max: 20 }),
  leaseMs: fc.constant(leaseMs / 10),
}) satisfies fc.Arbitrary<Dimensions>;

it("timer-kept and its reference agree on wakes that are late, by a little or by much", patient, () => {
  const found = { late: 0, onTime: 0 };
  fc.assert(
    fc.property(
      lateWakes,
      fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 30 }),
      (drawn, early) => {
        let entries = generatedLedger(drawn);
        for (const [index, landing] of landingsOf(entries)
          .filter(({ effect }) => effect === "set-idle")
          .entries())
          entries = mutations.shift(entries, landing, early[index] ?? 0);
        const broken = brokenIn(entries, drawn.leaseMs)["timer-kept"] ?? [];
        expect(broken).toEqual(brokenByReference(entries, drawn.leaseMs)["timer-kept"] ?? []);
        found.late += broken.length;
        found.onTime += drawn.sessions - broken.length;
      },
    ),
    { numRuns: 50 },
  );
  expect(found.late).toBeGreaterThan(20);
  expect(found.onTime).toBeGreaterThan(20);
});

/** What each mutation of a landing must break in its session, and nothing else; `timer-kept` is judged apart. */
function mustBreak(name: MutationName, { step, effect }: EffectEntry): readonly InvariantId[] {
  const once = onceOf(step);
  const isInResult = effect === "issue-token" || effect === "set-expired" || effect === "write-audit";
  switch (name) {
    case "drop":
      return [
        ...once,
        ...(effect === effectsOf(step).at(-1) && step !== "cleanup" ? (["own-result"] as const) : []),
        ...(effect === "set-idle" ? (["not-early"] as const) : []),
        ...(isInResult ? (["result-true"] as const) : []),
      ];
    case "duplicate":
      return [...once, ...(effect === "write-audit" ? (["quiet-after"] as const) : [])];
    case "haunt":
      return [...once, ...(effect === "write-audit" ? [] : (["in-order"] as const)), "quiet-after"];
    default:
      return [];
  }
}

/** Which invariant counts the landings of a step; nothing counts those of mark-idle, which only moves the deadline. */
function onceOf(step: Step): readonly InvariantId[] {
  if (step === "login") return ["login-once"];
  if (step === "mark-idle") return [];
  if (step === "expire") return ["expired-once"];
  return step === "cleanup" ? ["cleaned-once"] : ["recorded-once"];
}

const places = fc.record({
  seed: fc.integer(),
  sessions: fc.integer({ min: 2, max: 8 }),
  faults: fc.integer({ min: 0, max: 4 }),
  place: fc.constantFrom(
    ...stepsOf(2).flatMap((step) => effectsOf(step).map((effect): [Step, Effect] => [step, effect])),
  ),
  pick: fc.nat(),
});

/** A ledger without a violation, and a landing of the wanted effect in it; null where there is none. */
function drawLanding({
  seed,
  sessions,
  faults,
  place: [step, effect],
  pick,
}: typeof places extends fc.Arbitrary<infer T> ? T : never) {
  const entries = generatedLedger({ seed, mode: "idempotent", sessions, faults, leaseMs });
  const landings = landingsOf(entries).filter((entry) => entry.step === step && entry.effect === effect);
  const landing = landings[pick % Math.max(1, landings.length)];
  return landing === undefined ? null : { entries, landing };
}

describe("one wrong landing breaks exactly the invariants that are about it", () => {
  const exact: readonly MutationName[] = ["drop", "duplicate", "haunt"];
  it.each(exact)("%s", (name) => {
    fc.assert(
      fc.property(places, (place) => {
        const found = drawLanding(place);
        fc.pre(found !== null);
        const { entries, landing } = found;
        const mutated = mutations[name](entries, landing, 0) ?? entries;
        const { "timer-kept": late, ...broken } = brokenIn(mutated);
        const wanted = mustBreak(name, landing).toSorted();
        expect(Object.keys(broken).toSorted()).toEqual(wanted);
        for (const sessions of Object.values(broken)) expect(sessions).toEqual([landing.session]);
        // A session that never expires, or is marked idle again when it is over, may be late or not be judged.
        expect(late ?? [landing.session]).toEqual([landing.session]);
      }),
      { numRuns: 150 },
    );
  });

  it("a worker that begins none of its probes: nobody-deaf, and nothing else", () => {
    fc.assert(
      fc.property(places, (place) => {
        const found = drawLanding(place);
        fc.pre(found !== null);
        const { entries, landing } = found;
        const mutated = mutations.deafen(entries, landing);
        fc.pre(mutated !== null);
        expect(brokenIn(mutated)).toEqual({ "nobody-deaf": [landing.worker] });
      }),
    );
  });

  it("two activities swapped: in-order, and nothing else", () => {
    fc.assert(
      fc.property(places, (place) => {
        const found = drawLanding({ ...place, place: ["record:0", "append-activity"] });
        fc.pre(found !== null);
        const { entries, landing } = found;
        const next = landingsOf(entries).find(
          ({ session, step }) => session === landing.session && step === "record:1",
        );
        fc.pre(next !== undefined);
        const mutated = mutations.swap(entries, landing);
        fc.pre(mutated !== null);
        expect(brokenIn(mutated)).toEqual({ "in-order": [landing.session] });
      }),
    );
  });

  it("an expiry shifted to earlier: not-early, and the result that told the true time", () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 400 }), (place, early) => {
        const found = drawLanding({ ...place, place: ["expire", "set-expired"] });
        fc.pre(found !== null);
        const { entries, landing } = found;
        const call = entries.find((entry) => entry.kind === "call" && entry.session === landing.session);
        const idle = landingsOf(entries).find(
          ({ session, effect }) => session === landing.session && effect === "set-idle",
        );
        fc.pre(call?.kind === "call" && idle !== undefined);
        const spareMs = landing.at - idle.at - call.spec.idleTimeoutMs;
        const mutated = mutations.shift(entries, landing, spareMs + 1 + early);
        expect(brokenIn(mutated)).toEqual({
          "not-early": [landing.session],
          "result-true": [landing.session],
        });
      }),
    );
  });

  it("an activity that landed in another session: lost in its own, and seen in the other", () => {
    fc.assert(
      fc.property(places, (place) => {
        const found = drawLanding({ ...place, place: ["record:0", "append-activity"] });
        fc.pre(found !== null);
        const { entries, landing } = found;
        const mutated = mutations.misplace(entries, landing);
        fc.pre(mutated !== null);
        const broken = brokenIn(mutated);
        expect(broken["recorded-once"]).toContain(landing.session);
        const others = Object.values(broken)
          .flat()
          .filter((session) => session !== landing.session);
        expect(new Set(others).size).toBe(1);
      }),
    );
  });
});
