import { describe, expect, test } from "vitest";
import { fiveTargets, onFiveTargets } from "../testing/samples/five-targets.ts";
import { samplePerformance } from "../testing/samples/sample-of-every-chart.ts";
import { sampleResults } from "../testing/samples/sample-results.ts";
import { verdictRow } from "../testing/verdict-row.ts";
import type { VerdictRow } from "./chaos/rows.ts";
import { anotherStore } from "./code-size/concerns.ts";
import { reportOf } from "./report-of.ts";
import { factsAndRowsOf, type Results, resultsOf } from "./results.ts";

const [first] = sampleResults.targets;
const targets = first === undefined ? [] : [first];

/** The sentences of results in which nothing is but these rows. */
function summarize({ targets: of, ...rows }: Partial<Results>): readonly string[] {
  const { facts } = factsAndRowsOf(sampleResults);
  const results = resultsOf({ ...facts, targets: of ?? [] }, rows as Record<string, readonly unknown[]>);
  return reportOf(results).sentences.map(({ text }) => text);
}

test("names what was violated before what stayed unknown, and what faults it was tested by", () => {
  expect(reportOf(sampleResults).sentences[1]?.text).toBe(
    "redis-bullmq@redis: of 2 guarantees, 1 violated (recorded-once, idempotent) and 1 unknown (timer-kept, idempotent); 34 of 36 faults hit a session; of 3 crash points, 1 unknown; of 1 claim, not as declared: crash-in-idle; of those under way when the code changed, 1 of 3 sessions by the plain way and 1 of 3 sessions by the safe way went on right.",
  );
});

test("a target without a judged guarantee is not praised", () => {
  const verdicts = sampleResults.verdicts.filter((row) => !row.guaranteed);
  expect(summarize({ targets, verdicts })).toEqual(["resonate@embedded: no guarantee was judged."]);
});

test("faults of several experiments are added up once each", () => {
  const verdicts = sampleResults.verdicts.flatMap((row) => [row, { ...row, experiment: "claims" }]);
  expect(summarize({ targets, verdicts })[0]).toContain("68 of 72 faults");
});

test("a crash matrix is summed up by its cells, the failed ones first", () => {
  const cell = {
    target: "resonate@embedded",
    mode: "naive",
    session: "a",
    step: "login",
    point: "after",
  } as const;
  const counts = { landed: 2, suppressed: 0, executions: 2, recoveredMs: 900 };
  const matrix = (...verdicts: ("pass" | "fail" | "unknown")[]) =>
    summarize({
      targets,
      crashMatrix: verdicts.map((verdict) => ({ ...cell, ...counts, verdict, playedAgain: 0 })),
    })[0];
  expect(matrix("pass", "pass")).toBe("resonate@embedded: of 2 crash points, all survived.");
  expect(matrix("unknown", "fail", "pass")).toBe(
    "resonate@embedded: of 3 crash points, 1 failed and 1 unknown.",
  );
});

test("the selftest is summed up by what was missed and by its alarms, and says nothing of targets that were not judged", () => {
  const { selftest, falseAlarms } = sampleResults;
  expect(summarize({ targets, selftest, falseAlarms })).toEqual([
    "Of 2 broken variants, not caught as expected: no-fence.",
    "1 false alarm in 70 runs of correct targets, 1400 sessions.",
  ]);
});

/** The table at a glance, as a run of several experiments has it. */
function headlineOf(results: Results) {
  const { headline } = reportOf({ ...results, run: { ...results.run, command: "compare" } });
  if (headline === null) throw new Error("there is no headline");
  return headline;
}

describe("the headline", () => {
  const { headers, rows } = headlineOf(sampleResults);
  const cell = (what: string, target: string) =>
    rows.find(([row]) => row?.startsWith(what))?.[headers.indexOf(target)];

  test("has a column for each target that ran", () => {
    expect(headers).toEqual(["", "resonate@embedded", "redis-bullmq@redis"]);
  });

  test("counts only what is guaranteed, and only what hit", () => {
    expect(cell("guarantees", "resonate@embedded")).toBe("2 of 2");
    expect(cell("guarantees", "redis-bullmq@redis")).toBe("0 of 2");
    expect(cell("effective faults", "resonate@embedded")).toBe("2 of 3");
  });

  test("takes the takeover from the lease that was asked for, and not from an engine's own", () => {
    expect(cell("takeover", "resonate@embedded")).toBe("1291 ms");
    expect(cell("takeover", "redis-bullmq@redis")).toBe("–");
  });

  test("leaves out what no target was measured for", () => {
    const bare = headlineOf({ ...sampleResults, load: [], cost: [], idleScale: [] });
    expect(bare.rows.map(([what]) => what)).not.toContain("single-session latency, p50");
    expect(bare.rows.length).toBeLessThan(rows.length);
  });

  test("counts what reaches PostgreSQL for the target that is on it alone", () => {
    const codeSize = sampleResults.codeSize.slice(0, 2).map((row, index) => ({
      ...row,
      implementation: "resonate",
      concern: index === 0 ? "wiring" : anotherStore,
      codeLines: index === 0 ? 60 : 7,
      statements: index === 0 ? 40 : 5,
    }));
    const targets = ["resonate@embedded", "resonate@postgres"].map(
      (name) => ({ name, status: "ran", reason: null }) as const,
    );
    const lines = headlineOf({ ...sampleResults, targets, codeSize }).rows.find(([what]) =>
      what?.startsWith("code lines"),
    );
    expect(lines?.slice(1)).toEqual(["60 (40)", "67 (45)"]);
  });

  test("names the lease that was asked for", () => {
    const recovery = sampleResults.recovery.map((row) => ({ ...row, leaseMs: 4000 }));
    const [what] =
      headlineOf({ ...sampleResults, recovery }).rows.find(([row]) => row?.startsWith("takeover")) ?? [];
    expect(what).toBe("takeover after a kill, p99, at a lease of 4000 ms");
  });

  test("weighs as many sleepers on every target, though one was weighed with more", () => {
    const row = rows.find(([what]) => what?.startsWith("store memory"));
    expect(row).toEqual(["store memory per idle session, among 1000", "3.33 KiB", "3.33 KiB"]);
  });
});

const sample: Results = { ...sampleResults, ...samplePerformance };
const target = "resonate@embedded";

function table(title: string, results: Results = sample) {
  const found = reportOf(results).brief.find((each) => each.title === `${title}, in brief`);
  if (found === undefined) throw new Error(`there is no table ${title}`);
  return found;
}

describe("the brief tables", () => {
  test("has the same titles for two targets as for five, so that a page can name them", () => {
    const titles = (results: Results) => reportOf(results).brief.map(({ title }) => title);
    expect(titles(onFiveTargets(sample))).toEqual(titles(sample));
  });

  test("five targets make no table wider than nine columns, or longer than thirteen rows", () => {
    for (const { headers, rows } of reportOf(onFiveTargets(sample)).brief) {
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
    expect(rows.map((row) => row[2]?.endsWith(", no difference"))).toEqual([true, false, false]);
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
