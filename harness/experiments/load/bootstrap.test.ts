import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drifts, estimateOf, medianOf } from "./bootstrap.ts";

const rates = fc.array(fc.double({ min: 0.1, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 30 });

describe("medianOf", () => {
  it("is the middle value, or the mean of the middle two", () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
    expect(medianOf([7])).toBe(7);
  });
});

describe("estimateOf", () => {
  it("holds its value within its interval, and both within the values", () => {
    fc.assert(
      fc.property(rates, (values) => {
        const { low95, value, high95 } = estimateOf(values);
        expect(Math.min(...values)).toBeLessThanOrEqual(low95);
        expect(low95).toBeLessThanOrEqual(value);
        expect(value).toBeLessThanOrEqual(high95);
        expect(high95).toBeLessThanOrEqual(Math.max(...values));
      }),
      { numRuns: 25 },
    );
  });

  it("says the same of the same rounds, and is wider where they differ more", () => {
    const calm = [100, 101, 99, 100, 102, 98, 100];
    const wild = [100, 140, 60, 100, 160, 40, 100];
    expect(estimateOf(calm)).toEqual(estimateOf(calm));
    const width = (values: number[]) => estimateOf(values).high95 - estimateOf(values).low95;
    expect(width(wild)).toBeGreaterThan(width(calm));
  });

  it("covers the true median of a known distribution about nineteen times in twenty", () => {
    const covered = fc
      .sample(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 15, maxLength: 15 }), {
        numRuns: 200,
        seed: 4,
      })
      .filter((values) => {
        const { low95, high95 } = estimateOf(values.map((value) => value % 101));
        return low95 <= 50 && 50 <= high95;
      });
    expect(covered.length).toBeGreaterThan(170);
  });

  it("refuses to estimate from nothing", () => {
    expect(() => estimateOf([])).toThrow(RangeError);
  });
});

describe("drifts", () => {
  it("sees rounds that become slower, and none that only differ", () => {
    expect(drifts([100, 99, 90, 80, 78])).toBe(true);
    expect(drifts([100, 92, 104, 96, 101])).toBe(false);
    expect(drifts([100])).toBe(false);
  });
});
