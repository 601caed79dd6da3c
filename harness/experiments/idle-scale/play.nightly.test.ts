import { expect, test } from "vitest";
import { longLease } from "../../run/timing.ts";
import { targets } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { playIdleScale } from "./play.ts";
import { type IdleScaleRow, idleScaleRowSchemas } from "./rows.ts";

const current = runForTests();

test("sleepers are weighed while all of them sleep, and none wakes before its time", async () => {
  const shape = { cases: [{ sleepers: 40, due: "all at once" as const }], together: true, ...longLease };
  const { idleScale } = await playIdleScale(targets, shape)(current.run);
  const rows = idleScale as readonly IdleScaleRow[];
  expect(rows.map(({ target }) => target).toSorted()).toEqual(targets.map(({ name }) => name).toSorted());
  for (const row of rows) {
    expect(idleScaleRowSchemas.idleScale.safeParse(row).error).toBeUndefined();
    expect(row).toMatchObject({ sleepers: 40, due: "all at once", stopped: null });
    expect(row.diskBytesPerSession).toBeGreaterThan(100); // each left a row, or promises, behind
    expect(row.latenessP50Ms).toBeGreaterThanOrEqual(0);
    expect(row.latenessMaxMs).toBeGreaterThanOrEqual(row.latenessP50Ms ?? Number.POSITIVE_INFINITY);
  }
});
