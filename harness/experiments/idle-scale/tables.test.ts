import { expect, test } from "vitest";
import { samplePerformance } from "../../testing/sample-of-every-chart.ts";
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
