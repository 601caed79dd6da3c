import { expect, test } from "vitest";
import { longLease } from "../../run/timing.ts";
import { targets } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { playLoad } from "./play.ts";
import { type LoadRows, loadRowSchemas } from "./rows.ts";

const current = runForTests();
const settings = {
  workers: [1],
  clients: [1, 16],
  turns: [2, 2] as const,
  retakes: 0,
  roundMs: 150,
  warmUpMs: 150,
  extras: true,
  ...longLease,
};

test("a load has a row for each target, work and setting, and a ratio for each pair", async () => {
  const found = await playLoad(targets, settings)(current.run);
  const { load: rows, loadRatios } = found as LoadRows;
  for (const row of rows) expect(loadRowSchemas.load.safeParse(row).error).toBeUndefined();
  for (const row of loadRatios) expect(loadRowSchemas.loadRatios.safeParse(row).error).toBeUndefined();
  const measured = rows.map(({ target, work, world, clients }) => `${target} ${work} ${world} ${clients}`);
  const expected = targets.flatMap(({ name }) => [
    ...[1, 16].flatMap((clients) => [
      `${name} lifecycle no-op ${clients}`,
      `${name} engine-ceiling none ${clients}`,
    ]),
    `${name} lifecycle witnessed 16`,
    `${name} lifecycle no-op null`,
  ]);
  expect(measured.toSorted()).toEqual(expected.toSorted());
  expect(loadRatios.map(({ world, clients, pairs }) => `${world} ${clients} ${pairs}`).toSorted()).toEqual([
    "no-op 1 3",
    "no-op 16 3",
    "witnessed 16 3",
  ]);
  for (const row of rows) {
    expect(row.sessions).toBeGreaterThanOrEqual(3); // in every round somebody got a result
    expect(row.p50Ms).toBeLessThanOrEqual(row.maxMs ?? 0);
    const hasCeiling = row.work === "lifecycle" && row.clients !== null;
    expect(row.shareOfCeiling !== null).toBe(hasCeiling); // at a fixed rate nothing is driven to its limit
  }
  // A start, its listener, an acquisition, two for each of five steps and the wait, one for the end, whatever the load.
  const unwitnessed = rows.filter(({ work, world }) => work === "lifecycle" && world === "no-op");
  for (const { target, requestsPerSession } of unwitnessed)
    if (target === "resonate@embedded") expect(requestsPerSession).toBeCloseTo(15, 0);
});
