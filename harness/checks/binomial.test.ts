import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rateInterval, upperBound95 } from "./binomial.ts";

const counts = fc
  .integer({ min: 1, max: 5_000 })
  .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

describe("upperBound95", () => {
  it("is 1 − 0.05^(1/n) for no event in n cases: the rule of three", () => {
    for (const n of [1, 10, 500, 100_000]) expect(upperBound95(0, n)).toBeCloseTo(1 - 0.05 ** (1 / n), 10);
  });

  it("agrees with the exact tail: five events or fewer in 100 cases have a chance of 5 % at the bound for five", () => {
    const p = upperBound95(5, 100);
    let tail = 0;
    let choose = 1;
    for (let k = 0; k <= 5; k++) {
      tail += choose * p ** k * (1 - p) ** (100 - k);
      choose = (choose * (100 - k)) / (k + 1);
    }
    expect(tail).toBeCloseTo(0.05, 6);
  });

  it("is 1 when every testCase was an event", () => {
    expect(upperBound95(7, 7)).toBe(1);
  });

  it("refuses counts that cannot be", () => {
    for (const [count, cases] of [
      [0, 0],
      [2, 1],
      [-1, 5],
      [0.5, 5],
    ] as const) {
      expect(() => upperBound95(count, cases)).toThrow(RangeError);
    }
  });
});

describe("rateInterval", () => {
  it("holds the observed rate and stays within 0 and 1", () => {
    fc.assert(
      fc.property(counts, ([count, cases]) => {
        const { low, high } = rateInterval(count, cases);
        return 0 <= low && low <= count / cases && count / cases <= high && high <= 1;
      }),
    );
  });

  it("gives the published interval for 10 in 100: 4.90 % to 17.62 %", () => {
    expect(rateInterval(10, 100).low).toBeCloseTo(0.049, 4);
    expect(rateInterval(10, 100).high).toBeCloseTo(0.1762, 4);
  });
});
