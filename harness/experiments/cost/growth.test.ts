import { expect, test } from "vitest";
import { growthOf } from "./growth.ts";

const of = (figureAt: (size: number) => number | null, ...sizes: number[]) =>
  growthOf(sizes.map((size) => ({ size, figure: figureAt(size) })));

test("what is linear has the exponent 1, what is quadratic about 2, whatever each takes at any size", () => {
  expect(of((n) => 3 * n, 1, 10, 100)?.exponent).toBeCloseTo(1);
  expect(of((n) => 160 + 2 * n, 1, 10, 100)?.exponent).toBeCloseTo(1);
  expect(of((n) => 160 + 2 * n * n, 1, 20, 100)?.exponent).toBeCloseTo(2, 1);
});

test("it is taken between the largest two sizes, whatever order they come in", () => {
  const bent = (n: number) => (n <= 10 ? 2 * n : 0.2 * n * n);
  expect(of(bent, 100, 2, 0, 10)?.exponent).toBeCloseTo(2);
  expect(of(bent, 0, 10, 2)?.exponent).toBeCloseTo(1);
});

test("each further one costs what lies between the largest two", () => {
  expect(of((n) => 16 + 2 * n, 1, 10, 100)?.perUnit).toBe(2);
});

test("two sizes say what each further one costs, and nothing about an exponent", () => {
  expect(of((n) => 16 + 2 * n, 1, 20)).toEqual({ exponent: null, perUnit: 2 });
});

test("there is none without two sizes, or where one of the largest two was not measured", () => {
  expect(of((n) => n, 10)).toBeNull();
  expect(of((n) => n, 10, 10)).toBeNull();
  expect(of((n) => (n === 100 ? null : n), 1, 10, 100)).toBeNull();
  expect(of((n) => (n === 10 ? null : n), 1, 10, 100)).toBeNull();
});

test("what does not grow, or whose smallest was not measured, has no exponent", () => {
  expect(of(() => 3, 1, 10, 100)).toEqual({ exponent: null, perUnit: 0 });
  expect(of((n) => (n === 1 ? null : n), 1, 10, 100)).toEqual({ exponent: null, perUnit: 1 });
});
