import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawPlan, type PlanShape } from "./draw-plan.ts";
import { planSchema } from "./plan-schema.ts";

const shape: PlanShape = {
  sessions: 300,
  arrivalsMs: 30_000,
  workers: 3,
  clients: 2,
  kills: 12,
  killAlls: 3,
  leaseMs: 1000,
  retryDelayMs: 200,
};
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe("drawPlan", () => {
  test("gives the same plan for the same seed, and another for another", () => {
    expect(drawPlan(7, shape)).toEqual(drawPlan(7, shape));
    expect(drawPlan(7, shape).sessions).not.toEqual(drawPlan(8, shape).sessions);
  });

  test("fits its schema and survives JSON, for any seed", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const plan = drawPlan(seed, { ...shape, sessions: 30 });
        expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
      }),
      { numRuns: 50 },
    );
  });

  test("draws the same sessions whatever the faults", () => {
    expect(drawPlan(7, { ...shape, kills: 1, killAlls: 0 }).sessions).toEqual(drawPlan(7, shape).sessions);
  });

  test("makes exactly one of every three sessions naive", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { sessions } = drawPlan(seed, shape);
        for (let from = 0; from < sessions.length; from += 3) {
          expect(sessions.slice(from, from + 3).filter(({ mode }) => mode === "naive")).toHaveLength(1);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("holds races, late starts, callers that disagree, and waits long enough to judge the timer", () => {
    const { sessions } = drawPlan(7, shape);
    const calls = sessions.flatMap((session) => session.calls);
    const raced = sessions.filter((session) => session.calls.length > 1);
    expect(raced.length / sessions.length).toBeGreaterThan(0.05);
    expect(raced.length / sessions.length).toBeLessThan(0.2);
    expect(calls.some(({ start }) => start.kind === "after-result")).toBe(true);
    expect(
      raced.some((session) => new Set(session.calls.map(({ spec }) => JSON.stringify(spec))).size > 1),
    ).toBe(true);
    expect(
      sessions.filter(({ calls: [first] }) => (first?.spec.idleTimeoutMs ?? 0) >= 5000).length,
    ).toBeGreaterThan(30);
  });

  test("holds the faults that were asked for, in order of time, and never the same slot twice in a row", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { faults } = drawPlan(seed, shape);
        expect(faults.filter(({ kind }) => kind === "kill")).toHaveLength(12);
        expect(faults.filter(({ kind }) => kind === "kill-all")).toHaveLength(3);
        expect(faults.map(({ atMs }) => atMs)).toEqual(faults.map(({ atMs }) => atMs).sort((a, b) => a - b));
        const slots = faults.flatMap((fault) => (fault.kind === "kill" ? [fault.slot] : []));
        expect(slots.every((slot, index) => slot !== slots[index - 1])).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
