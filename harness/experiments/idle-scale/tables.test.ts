import { expect, test } from "vitest";
import { samplePerformance } from "../../testing/samples/sample-of-every-chart.ts";
import { sleepersInBrief } from "./brief.ts";
import { latenessTable, sleeperTable } from "./tables.ts";

test.each([
  ["sleep", sleeperTable],
  ["wake", latenessTable],
] as const)(
  "as many sleepers that come due in two ways are two rows with two names, when they %s",
  (_when, tableOf) => {
    const names = tableOf(samplePerformance).rows.map(([name, due]) => `${name}, ${due}`);
    expect(new Set(names).size).toBe(names.length);
  },
);

test("in brief, a target that could not put the most to sleep shows the most that it could", () => {
  const [row] = samplePerformance.idleScale;
  if (row === undefined) throw new Error("the sample has no sleepers");
  const idleScale = [
    { ...row, sleepers: 1000 },
    { ...row, sleepers: 10_000 },
    { ...row, sleepers: 100_000, buildMs: null, stopped: "not begun" },
  ];
  expect(sleepersInBrief({ idleScale }).rows.map(([name]) => name)).toEqual([`${row.target}, 10000`]);
  const none = idleScale.map((each) => ({ ...each, buildMs: null }));
  expect(sleepersInBrief({ idleScale: none }).rows.map(([name]) => name)).toEqual([`${row.target}, 100000`]);
});
