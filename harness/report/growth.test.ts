import { expect, test } from "vitest";
import { growthOf } from "./growth.ts";

const of = (figureAt: (size: number) => number | null, ...sizes: number[]) =>
  growthOf(sizes.map((size) => ({ size, figure: figureAt(size) })));

test("what is linear has the exponent 1, what is quadratic 2, what is constant 0", () => {
  expect(of((n) => 3 * n, 1, 10, 100)?.exponent).toBeCloseTo(1);
  expect(of((n) => 3 * n * n, 1, 10, 100)?.exponent).toBeCloseTo(2);
  expect(of(() => 3, 1, 10, 100)?.exponent).toBeCloseTo(0);
});

test("it is taken between the largest two sizes, whatever order they come in", () => {
  const bent = (n: number) => (n < 10 ? 1 : n * n);
  expect(of(bent, 100, 1, 10)).toMatchObject({ between: [10, 100], exponent: 2 });
});

test("what is spent whatever the size makes the exponent less, and leaves what each more costs", () => {
  const growth = of((n) => 16 + 2 * n, 1, 10, 100);
  expect(growth?.exponent).toBeLessThan(1);
  expect(growth?.perUnit).toBe(2);
});

test("there is none without two sizes above 0, or where one of the two was not measured", () => {
  expect(of((n) => n, 10)).toBeNull();
  expect(of((n) => n, 0, 10)).toBeNull();
  expect(of((n) => n, 10, 10)).toBeNull();
  expect(of((n) => (n === 100 ? null : n), 1, 10, 100)).toBeNull();
});

test("a figure of 0 has no exponent, and still a difference", () => {
  expect(of((n) => (n === 10 ? 0 : 9), 10, 100)).toEqual({
    between: [10, 100],
    exponent: null,
    perUnit: 0.1,
  });
});
