import { describe, expect, test } from "vitest";
import { reportOf } from "../experiments/report-of.ts";
import type { Results } from "../experiments/results.ts";
import { sampleResults } from "../testing/samples/sample-results.ts";
import { comparisonOf as comparisonOfReports, intervalsOverlap } from "./compare.ts";
import { renderTable } from "./formats/terminal.ts";

const sample = sampleResults;
const comparisonOf = (a: Results, b: Results) => comparisonOfReports(reportOf(a), reportOf(b));
const titles = (of: readonly { readonly title: string }[]) => of.map(({ title }) => title);

/** The sample with its first row of load twice as fast, its interval included. */
function faster(results: Results): Results {
  const [first, ...others] = results.load;
  if (first === undefined) throw new Error("the sample has no load");
  const { value, low95, high95 } = first.sessionsPerSecond;
  const sessionsPerSecond = { value: value * 2, low95: low95 * 2, high95: high95 * 2 };
  return { ...results, load: [{ ...first, sessionsPerSecond }, ...others] };
}

describe("comparisonOf", () => {
  test("two results that say the same differ in nothing", () => {
    const { findings, agreement, obstacles } = comparisonOf(sample, sample);
    expect(titles(findings)).toEqual(["What is compared", "Violation rates"]);
    expect(agreement).toBe("14 of 14 verdicts are the same in both; 0 only in A, 0 only in B.");
    expect(obstacles).toEqual([]);
  });

  test("a verdict that differs is named with both, one of cells, claims and the selftest too", () => {
    const turned = <Row extends { readonly verdict: string }>([first, ...others]: readonly Row[]) =>
      first === undefined ? [] : [{ ...first, verdict: "unknown" as const }, ...others];
    const b: Results = {
      ...sample,
      verdicts: turned(sample.verdicts),
      crashMatrix: turned(sample.crashMatrix),
      claims: turned(sample.claims),
      selftest: turned(sample.selftest),
    };
    const table = comparisonOf(sample, b).findings.find(({ title }) => title === "Verdicts that differ");
    expect(table?.rows).toEqual([
      ["chaos: resonate@embedded, idempotent, recorded-once", "pass", "unknown"],
      ["crash-matrix: redis-bullmq@redis, idempotent, record:1/after", "pass", "unknown"],
      ["claims: resonate@embedded, crash-in-idle", "pass", "unknown"],
      ["selftest: redis-bullmq@redis, no-keys", "pass", "unknown"],
    ]);
  });

  test("a verdict that only one of them has is counted, and compared with nothing", () => {
    expect(comparisonOf(sample, { ...sample, crashMatrix: [] }).agreement).toBe(
      "11 of 11 verdicts are the same in both; 3 only in A, 0 only in B.",
    );
    expect(comparisonOf({ ...sample, targets: [] }, emptied(sample)).agreement).toMatch(
      /^Nothing was judged/,
    );
  });

  test("a violation rate stands with its intervals and whether they overlap", () => {
    const rarer = sample.verdicts.map((row) =>
      row.rate95 === null ? row : { ...row, violatingExposed: 1, rate95: [0.0002, 0.036] as const },
    );
    const rates = comparisonOf(sample, { ...sample, verdicts: rarer }).findings.find(
      ({ title }) => title === "Violation rates",
    );
    expect(rates?.rows[0]).toEqual([
      "chaos: resonate@embedded, naive, recorded-once",
      "8.0 % (4.2–13.6 %)",
      "0.7 % (0.0–3.6 %)",
      "apart",
    ]);
  });

  test("a figure stands with its intervals, how much it changed, and whether they overlap", () => {
    const { performance } = comparisonOf(sample, faster(sample));
    const load = performance.find(({ title }) => title === "Performance, load");
    expect(load?.rows[0]).toEqual([
      "resonate@embedded, lifecycle, world no-op, clients 50, workers 2, sessions per second",
      "98.4 (96.5–101) 1/s",
      "197 (193–203) 1/s",
      "2.00",
      "apart",
    ]);
    expect(load?.rows.filter(([, , , , overlap]) => overlap === "overlap")).toHaveLength(8);
    expect(titles(performance)).toEqual([
      "Performance, recovery",
      "Performance, lateness of wakes",
      "Performance, durability",
      "Performance, load",
      "Performance, idle-scale",
      "Performance, cost",
      "Performance, soak",
    ]);
  });

  test.each<[string, Results]>([
    ["cpu", { ...sample, machine: { ...sample.machine, cpu: "Other CPU" } }],
    ["cores", { ...sample, machine: { ...sample.machine, cores: 64 } }],
    ["memory", { ...sample, machine: { ...sample.machine, memoryBytes: 2 ** 30 } }],
    ["os", { ...sample, machine: { ...sample.machine, os: "Darwin 24" } }],
    ["bullmq", { ...sample, versions: { ...sample.versions, bullmq: "7.0.0" } }],
    ["resonateStore", { ...sample, versions: { ...sample.versions, resonateStore: "1.0.0" } }],
  ])("where the %s differs, it is named, and every table of performance is marked", (what, b) => {
    const { obstacles, performance } = comparisonOf(sample, b);
    expect(obstacles).toEqual([expect.stringMatching(new RegExp(`^${what} is .* in A, .* in B$`))]);
    expect(performance).not.toEqual([]);
    for (const { title, note } of performance) {
      expect(title).toMatch(/not comparable/);
      expect(note).toContain(obstacles[0]);
    }
  });

  test("neither the version of what only one of them ran nor a few KiB of memory make another machine", () => {
    const { memoryBytes } = sample.machine;
    const b = {
      ...sample,
      versions: { ...sample.versions, "store of x@y": "1" },
      machine: { ...sample.machine, memoryBytes: memoryBytes - 8192 },
    };
    expect(comparisonOf(sample, b).obstacles).toEqual([]);
  });

  test("code that differs in size is named, whatever the machine", () => {
    const [first, ...others] = sample.codeSize;
    if (first === undefined) throw new Error("the sample has no code size");
    const machine = { ...sample.machine, cores: 64 };
    const b = { ...sample, machine, codeSize: [{ ...first, codeLines: first.codeLines * 2 }, ...others] };
    const table = comparisonOf(sample, b).findings.find(({ title }) => title.startsWith("Code"));
    expect(table?.rows).toEqual([
      ["resonate, implementations/resonate/lifecycle.ts, lifecycle, code lines", "26", "52", "2.00"],
    ]);
  });

  test("shows everything that changed", async () => {
    const b = faster({ ...sample, machine: { ...sample.machine, cores: 4 } });
    const { findings, performance, agreement } = comparisonOf(sample, b);
    const text = [...findings, ...performance].map((table) => renderTable(table, { colour: false }));
    await expect([...text, agreement, ""].join("\n\n")).toMatchFileSnapshot("snapshots/comparison.txt");
  });
});

describe("intervalsOverlap", () => {
  test("they do where they have a point in common", () => {
    expect(intervalsOverlap([1, 2], [2, 3])).toBe(true);
    expect(intervalsOverlap([1, 9], [3, 4])).toBe(true);
    expect(intervalsOverlap([1, 2], [2.1, 3])).toBe(false);
    expect(intervalsOverlap([2.1, 3], [1, 2])).toBe(false);
  });

  test("a figure without an interval says nothing", () => {
    expect(intervalsOverlap(null, [1, 2])).toBeNull();
  });
});

function emptied(results: Results): Results {
  return { ...results, verdicts: [], crashMatrix: [], claims: [], selftest: [], falseAlarms: [] };
}
