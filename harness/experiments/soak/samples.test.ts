import { expect, test } from "vitest";
import type { GrowthRow } from "./rows.ts";
import { finishedPerMinute, growthOf, type Sample } from "./samples.ts";

const target = "engine@store";

/** A sample each half minute, of a worker that grows by 10 from 100 in each of its lives, and of one that does not grow. */
const samples: readonly Sample[] = [0, 1, 2, 3, 4, 5, 6, 7].map((half) => ({
  atMs: half * 30_000,
  finished: half * 50,
  storeBytes: 1000 + half,
  diskBytes: null,
  clientConnections: 2,
  killed:
    half === 4 ? null : { life: half < 4 ? "w0#1" : "w0#2", bytes: 100 + 10 * (half % 4), connections: null },
  living: { life: "w1#1", bytes: 500, connections: 3 },
}));

function rowOf(what: GrowthRow["what"]): GrowthRow {
  const found = growthOf(target, samples).find((row) => row.what === what);
  if (found === undefined) throw new Error(`there is no row ${what}`);
  return found;
}

test("what grows in each life grows, though each life begins where the last one did", () => {
  const { lives, perHour, samples: seen } = rowOf("memory of the worker that is killed");
  expect(lives).toBe(2);
  expect(seen).toHaveLength(7);
  expect(perHour?.value).toBeCloseTo(10 * 120); // half minutes of an hour
});

test("what stays as it is has a slope of nothing", () => {
  expect(rowOf("memory of the worker that lives").perHour).toEqual({ value: 0, low95: 0, high95: 0 });
  expect(rowOf("connections of the client")).toMatchObject({
    lives: 1,
    samples: expect.arrayContaining([[3.5, 2]]),
  });
});

test("what nobody could measure is no zero", () => {
  for (const what of ["store disk", "connections of the worker that is killed"] as const)
    expect(rowOf(what)).toEqual({ target, what, lives: 0, samples: [], perHour: null });
});

test("sessions are counted by whole minutes", () => {
  expect(finishedPerMinute(samples)).toEqual([100, 100, 100]);
  expect(finishedPerMinute(samples.slice(0, 2))).toEqual([]);
  expect(finishedPerMinute([])).toEqual([]);
});
