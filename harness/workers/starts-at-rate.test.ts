import { expect, test } from "vitest";
import { startAtRate } from "./starts-at-rate.ts";

test("starts come in order and at their rate, and none before it is due, however busy the process is", async () => {
  const early: number[] = [];
  const starts: number[] = [];
  const startedAt = performance.now();
  await startAtRate({ perSecond: 2000, forMs: 100 }, (index, dueAt) => {
    if (performance.now() < dueAt) early.push(index);
    starts.push(index);
    if (index % 20 === 0) while (performance.now() < dueAt + 15); // a turn of the event loop that takes long
  });
  expect(early).toEqual([]);
  expect(starts).toEqual(Array.from({ length: 200 }, (_, index) => index));
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual((199 * 1000) / 2000);
});

test("one start at least is made, at once", async () => {
  const starts: number[] = [];
  await startAtRate({ perSecond: 1, forMs: 10 }, (index) => starts.push(index));
  expect(starts).toEqual([0]);
});
