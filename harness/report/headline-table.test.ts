import { describe, expect, it } from "vitest";
import { anotherStore } from "../experiments/code-size/tables.ts";
import { sampleResults } from "../testing/sample-results.ts";
import { headlineTable } from "./headline-table.ts";

describe("headlineTable", () => {
  const { headers, rows } = headlineTable(sampleResults);
  const cell = (what: string, target: string) =>
    rows.find(([row]) => row?.startsWith(what))?.[headers.indexOf(target)];

  it("has a column for each target that ran", () => {
    expect(headers).toEqual(["", "resonate@embedded", "redis-bullmq@redis"]);
  });

  it("counts only what is guaranteed, and only what hit", () => {
    expect(cell("guarantees", "resonate@embedded")).toBe("2 of 2");
    expect(cell("guarantees", "redis-bullmq@redis")).toBe("0 of 2");
    expect(cell("faults", "resonate@embedded")).toBe("2 of 3");
  });

  it("takes the takeover from the lease that was asked for, and not from an engine's own", () => {
    expect(cell("takeover", "resonate@embedded")).toBe("1291 ms");
    expect(cell("takeover", "redis-bullmq@redis")).toBe("–");
  });

  it("leaves out what no target was measured for", () => {
    const bare = headlineTable({ ...sampleResults, load: [], cost: [], idleScale: [] });
    expect(bare.rows.map(([what]) => what)).not.toContain("a session alone, from start to result, p50");
    expect(bare.rows.length).toBeLessThan(rows.length);
  });

  it("counts what reaches PostgreSQL for the target that is on it alone", () => {
    const codeSize = sampleResults.codeSize.slice(0, 2).map((row, index) => ({
      ...row,
      implementation: "resonate",
      concern: index === 0 ? "wiring" : anotherStore,
      codeLines: index === 0 ? 60 : 7,
    }));
    const targets = ["resonate@embedded", "resonate@postgres"].map(
      (name) => ({ name, status: "ran", reason: null }) as const,
    );
    const lines = headlineTable({ ...sampleResults, targets, codeSize }).rows.find(([what]) =>
      what?.startsWith("code lines"),
    );
    expect(lines?.slice(1)).toEqual(["60", "67"]);
  });

  it("names the lease that was asked for", () => {
    const recovery = sampleResults.recovery.map((row) => ({ ...row, leaseMs: 4000 }));
    const [what] =
      headlineTable({ ...sampleResults, recovery }).rows.find(([row]) => row?.startsWith("takeover")) ?? [];
    expect(what).toBe("takeover after a kill, p99, at a lease of 4000 ms");
  });

  it("weighs as many sleepers on every target, though one was weighed with more", () => {
    const row = rows.find(([what]) => what?.startsWith("store memory"));
    expect(row).toEqual(["store memory of a sleeping session, among 1000", "3.33 KiB", "3.33 KiB"]);
  });
});
