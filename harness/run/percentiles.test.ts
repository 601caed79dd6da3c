import fc from "fast-check";
import { expect, test } from "vitest";
import { percentilesOf } from "./percentiles.ts";

const times = fc.array(fc.double({ min: 0, max: 200_000, noNaN: true }), { minLength: 1, maxLength: 300 });

test("percentiles are in order, none lies above the greatest time, and each is exact to three digits", () => {
  fc.assert(
    fc.property(times, (timesMs) => {
      const { p50Ms, p95Ms, p99Ms, maxMs } = percentilesOf(timesMs);
      expect(maxMs).toBe(Math.max(...timesMs));
      const found = [p50Ms, p95Ms, p99Ms, maxMs].map((each) => each ?? Number.NaN);
      expect(found).toEqual(found.toSorted((a, b) => a - b));
      const middle = timesMs.toSorted((a, b) => a - b)[Math.ceil(timesMs.length / 2) - 1] ?? Number.NaN;
      expect(Math.abs((p50Ms ?? Number.NaN) - middle)).toBeLessThanOrEqual(0.001 * middle + 0.001);
    }),
  );
});

test("one time is all its percentiles, and of no time there is none", () => {
  expect(percentilesOf([59_873])).toEqual({ p50Ms: 59_873, p95Ms: 59_873, p99Ms: 59_873, maxMs: 59_873 });
  expect(percentilesOf([])).toEqual({ p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null });
});
