import { expect, test } from "vitest";
import { fiveTargets, onFiveTargets } from "../../testing/samples/five-targets.ts";
import { sampleResults } from "../../testing/samples/sample-results.ts";
import type { VerdictRow } from "./rows.ts";
import { verdictGrids, verdictTables } from "./tables.ts";

function cellFor(row: Partial<VerdictRow>): string | undefined {
  const verdicts = sampleResults.verdicts.slice(0, 1).map((first) => ({ ...first, ...row }));
  return verdictTables({ verdicts })[0]?.rows[0]?.[1];
}

test("a violation outside the exposed sessions does not read like a guarantee that held", () => {
  expect(cellFor({ verdict: "fail", violationCount: 3, violatingExposed: 0 })).toBe("✗ 3 unexposed, ≤ 1.0 %");
});

test("an upper bound is rounded up, so that it stays one", () => {
  expect(cellFor({ upper95: 0.00901 })).toBe("✓ 0 of 300, ≤ 1.0 %");
});

test("what is not guaranteed shows its rate and interval, and no verdict", () => {
  expect(cellFor({ guaranteed: false, violatingExposed: 30, violationCount: 31, rate95: [0.07, 0.14] })).toBe(
    "30 of 300: 10.0 % (7.0–14.0 %)",
  );
});

test("each experiment has a table of its own", () => {
  const [first] = sampleResults.verdicts;
  if (first === undefined) throw new Error("the sample has no verdict");
  const titles = verdictTables({ verdicts: [first, { ...first, experiment: "claims" }] }).map(
    (table) => table.title,
  );
  expect(titles).toEqual(["Invariants under chaos", "Invariants under claims"]);
});

test("invariants stand in the order of their declaration, whatever order they were judged in", () => {
  const verdicts = sampleResults.verdicts.toReversed();
  expect(verdictTables({ verdicts })[0]?.rows.map(([invariant]) => invariant)).toEqual([
    "recorded-once",
    "timer-kept",
  ]);
});

test("of more than two targets each mode has a table of its own, and each cell its verdict", () => {
  const grids = verdictGrids(onFiveTargets(sampleResults));
  expect(grids.map(({ table }) => [table.title, table.headers])).toEqual([
    ["Invariants under chaos, idempotent sessions", ["invariant", ...fiveTargets]],
    ["Invariants under chaos, naive sessions", ["invariant", ...fiveTargets]],
  ]);
  expect(grids[1]?.verdictAt(0, 2)).toMatchObject({
    target: fiveTargets[1],
    mode: "naive",
    invariant: "recorded-once",
  });
});
