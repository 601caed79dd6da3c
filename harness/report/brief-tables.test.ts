import { describe, expect, test } from "vitest";
import { fiveTargets, onFiveTargets } from "../testing/five-targets.ts";
import { samplePerformance } from "../testing/sample-of-every-chart.ts";
import { sampleResults, verdictRow } from "../testing/sample-results.ts";
import { briefTablesOf } from "./brief-tables.ts";
import type { Results, VerdictRow } from "./results-schema.ts";

const sample: Results = { ...sampleResults, ...samplePerformance };
const target = "resonate@embedded";

function table(title: string, results: Results = sample) {
  const found = briefTablesOf(results).find((each) => each.title === `${title}, in brief`);
  if (found === undefined) throw new Error(`there is no table ${title}`);
  return found;
}

describe("briefTablesOf", () => {
  test("has the same titles for two targets as for five, so that a page can name them", () => {
    const titles = (results: Results) => briefTablesOf(results).map(({ title }) => title);
    expect(titles(onFiveTargets(sample))).toEqual(titles(sample));
  });

  test("five targets make no table wider than nine columns, or longer than thirteen rows", () => {
    for (const { headers, rows } of briefTablesOf(onFiveTargets(sample))) {
      expect(headers.length).toBeLessThanOrEqual(9);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.length).toBeLessThanOrEqual(13);
      expect(rows.filter((row) => row.length !== headers.length)).toEqual([]);
    }
  });

  test("a verdict stands under its own target", () => {
    const { headers, rows } = table("Invariants under chaos", onFiveTargets(sample));
    expect(headers).toEqual(["idempotent sessions", ...fiveTargets]);
    const [, embedded, , , redis] = rows.find(([invariant]) => invariant === "recorded-once") ?? [];
    expect([embedded, redis]).toEqual(["✓ 0 of 300, ≤ 1.0 %", "✗ 2 of 300, ≤ 2.1 %"]);
  });

  test("of sessions without keys, what is guaranteed and held is left out, and what is not is never", () => {
    const naive = (row: Pick<VerdictRow, "invariant"> & Partial<VerdictRow>) =>
      verdictRow({ target, mode: "naive", ...row });
    const verdicts = [
      naive({ invariant: "in-order", guaranteed: false, violatingExposed: 30, rate95: [0.07, 0.14] }),
      naive({ invariant: "timer-kept" }),
      naive({ invariant: "completed", verdict: "fail", violatingExposed: 2, violationCount: 2 }),
      naive({ invariant: "result-true", verdict: "unknown", exposed: 0, upper95: null }),
    ];
    expect(table("Without keys under chaos", { ...sample, verdicts }).rows).toEqual([
      ["in-order", "10.0 % (7.0–14.0 %)"],
      ["completed", "✗ 2 of 300, ≤ 1.0 %"],
      ["result-true", "? none exposed"],
    ]);
  });

  test("load is of one number of workers, and a doubtful ratio says so", () => {
    const load = [...sample.load, ...sample.load.map((row) => ({ ...row, workers: 4 }))];
    const loadRatios = [...sample.loadRatios, ...sample.loadRatios.map((row) => ({ ...row, workers: 4 }))];
    const { headers, rows } = table("Load", { ...sample, load, loadRatios });
    expect(headers[0]).toBe("with 2 workers");
    expect(rows.map(([size]) => size)).toEqual([
      "16 clients, no-op world",
      "64 clients, no-op world",
      "256 clients, no-op world",
    ]);
    expect(rows.map((row) => row[2]?.endsWith(", drifting"))).toEqual([true, false, false]);
  });

  test("lateness that was not measured is no zero", () => {
    const idleScale = sample.idleScale.map((row) => ({ ...row, latenessP99Ms: null, latenessMaxMs: null }));
    expect(table("Sleepers that wake", { ...sample, idleScale }).rows[0]?.[1]).toMatch(/^\d+ \/ – \/ –$/);
  });

  test("the cost is of the fewest activities and of the most", () => {
    expect(table("Cost of a session").rows.map(([name]) => name?.split(", ")[1])).toEqual([
      ...["1", "100", "1", "100"],
    ]);
  });
});
