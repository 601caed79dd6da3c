import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunTimeline, SessionTimeline } from "../timeline/timeline-schema.ts";
import { firstViolation, moved, sampleWords, sessionsIn, within, zoomed } from "./view.ts";

const limits = { fromMs: 0, toMs: 60_000 };

function session(id: string, atMs: number, more: Partial<SessionTimeline> = {}): SessionTimeline {
  const entries = [
    { kind: "begin", step: "login", atMs },
    { kind: "landed", step: "cleanup", effect: "write-audit", atMs: atMs + 1000 },
  ];
  return { session: id, hits: [], violated: [], entries, omitted: 0, ...more };
}

const hit = { hits: [{ kind: "interrupted", fault: "f1", atMs: 5 }] };
const measured = { violated: [{ invariant: "in-order", guaranteed: false }] };
const guaranteed = { violated: [{ invariant: "in-order", guaranteed: true }] };

function runWith(...sessions: readonly SessionTimeline[]): RunTimeline {
  const kept = { kept: 0, of: 0 };
  return {
    experiment: "chaos",
    target: "a@b",
    startedAt: 0,
    lengthMs: limits.toMs,
    leaseMs: 1000,
    workers: [],
    faults: [],
    outages: [],
    recoveries: [],
    sessions,
    sampled: { violating: kept, hit: kept, others: { kept: sessions.length, of: 900 } },
    latenessMs: { hit: [], others: [] },
    busyMs: { hit: [], others: [] },
  };
}

test("whatever a reader does, the view stays within the run and can be read", () => {
  const deed = fc.oneof(fc.double({ min: 0.1, max: 8, noNaN: true }), fc.constantFrom("earlier", "later"));
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 30 }), (deeds) => {
      let view = limits;
      for (const each of deeds) {
        const next =
          typeof each === "number" ? zoomed(view, each) : moved(view, each === "later" ? 0.5 : -0.5);
        view = within(next, limits);
        expect(view.fromMs).toBeGreaterThanOrEqual(0);
        expect(view.toMs).toBeLessThanOrEqual(limits.toMs + 1e-6);
        expect(view.toMs - view.fromMs).toBeGreaterThanOrEqual(500 - 1e-6);
      }
    }),
  );
});

test("a filter keeps what it names, and only what touches the view", () => {
  const run = runWith(session("early", 0), session("hit", 5000, hit), session("broke", 9000, measured));
  const idsOf = (...of: Parameters<typeof sessionsIn>) => sessionsIn(...of).map((each) => each.session);
  expect(idsOf(run, "all", limits)).toEqual(["early", "hit", "broke"]);
  expect(idsOf(run, "hit by a fault", limits)).toEqual(["hit"]);
  expect(idsOf(run, "violating", limits)).toEqual(["broke"]);
  expect(idsOf(run, "all", { fromMs: 5500, toMs: 6500 })).toEqual(["hit"]);
});

test("the first violation is one of a guarantee where there is any, else a measured one, else none", () => {
  const [a, b, c] = [session("a", 0), session("b", 10, measured), session("c", 20, guaranteed)];
  expect(firstViolation(runWith(a, b, c))).toBe(c);
  expect(firstViolation(runWith(a, b))).toBe(b);
  expect(firstViolation(runWith(a))).toBeNull();
});

test("a sample says that it is one", () => {
  expect(sampleWords(runWith(session("a", 0)))).toMatch(/^A sample: 1 of 900 sessions\./);
});
