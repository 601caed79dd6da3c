import { expect, test } from "vitest";
import { quantile, stepsOfShare } from "./quantiles.ts";

test("a quantile is a value that was measured", () => {
  const values = [40, 10, 30, 20];
  expect([0, 0.25, 0.5, 0.51, 1].map((share) => quantile(values, share))).toEqual([10, 10, 20, 30, 40]);
  expect(quantile([], 0.5)).toBeNull();
});

test("the distribution grows to 1 and ends at the largest value, however many values there are", () => {
  const values = Array.from({ length: 5000 }, (_, index) => (index * 7919) % 5000);
  const steps = stepsOfShare(values);
  expect(steps.length).toBeLessThan(500);
  expect(steps.at(-1)).toEqual({ value: 4999, share: 1 });
  for (const [index, step] of steps.entries()) {
    expect(step.share).toBeGreaterThan(steps[index - 1]?.share ?? 0);
    expect(step.share).toBeCloseTo((step.value + 1) / 5000);
  }
});
