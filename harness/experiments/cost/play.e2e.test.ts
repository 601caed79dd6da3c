import { expect, test } from "vitest";
import { longLease } from "../../run/timing.ts";
import { targets } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { playCost } from "./play.ts";
import { type CostRow, costRowSchemas } from "./rows.ts";

const current = runForTests();

test("a longer session costs more requests, round trips and bytes, on every target", async () => {
  const settings = { activities: [1, 6], sessions: 10, ...longLease };
  const { cost } = await playCost(targets, settings)(current.run);
  const rows = cost as readonly CostRow[];
  expect(rows.map(({ target, activities }) => `${target} ${activities}`).toSorted()).toEqual(
    targets.flatMap(({ name }) => [`${name} 1`, `${name} 6`]).toSorted(),
  );
  for (const row of rows) {
    expect(costRowSchemas.cost.safeParse(row).error).toBeUndefined();
    expect(row.workerPeakBytes).toBeGreaterThan(10_000_000); // a Node process
  }
  for (const { name } of targets) {
    const [short, long] = [1, 6].map((count) =>
      rows.find(({ target, activities }) => target === name && activities === count),
    );
    const requests = (row = short) =>
      row?.requests?.reduce((sum, { perSession }) => sum + perSession, 0) ?? 0;
    expect(requests(long)).toBeGreaterThan(requests(short) + 5); // one more at least for each activity more
    for (const figure of ["roundTripsPerSession", "wireBytesPerSession", "diskBytesPerSession"] as const)
      expect(long?.[figure], figure).toBeGreaterThan(short?.[figure] ?? Number.POSITIVE_INFINITY);
  }
});
