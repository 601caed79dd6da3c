import { expect, test } from "vitest";
import { sampleOf } from "./sample.ts";

const items = (count: number) => Array.from({ length: count }, (_, index) => index);

test("nothing is left out where everything fits", () => {
  const ranked = { violating: items(3), hit: items(10), others: items(20) };
  expect(sampleOf(ranked, 33)).toEqual(ranked);
});

test("all violating ones are kept, then those that a fault hit, and a quarter of the rest is left to the others", () => {
  const { violating, hit, others } = sampleOf(
    { violating: items(8), hit: items(500), others: items(500) },
    48,
  );
  expect([violating.length, hit.length, others.length]).toEqual([8, 30, 10]);
});

test("what one rank does not take, the others get", () => {
  const few = sampleOf({ violating: [], hit: items(5), others: items(500) }, 40);
  expect([few.hit.length, few.others.length]).toEqual([5, 35]);
  const none = sampleOf({ violating: [], hit: items(500), others: items(2) }, 40);
  expect([none.hit.length, none.others.length]).toEqual([38, 2]);
});

test("what is kept is spread evenly and in order", () => {
  const { others } = sampleOf({ violating: [], hit: [], others: items(1000) }, 10);
  expect(others).toEqual([99, 199, 299, 399, 499, 599, 699, 799, 899, 999]);
});
