import { expect, test } from "vitest";
import { latenessTable, sleeperTable } from "./idle-scale-tables.ts";
import { samplePerformance } from "./page/sample-of-every-chart.ts";

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
