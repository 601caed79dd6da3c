import { describe, expect, test } from "vitest";
import { reportOf } from "../../experiments/report-of.ts";
import { hostileResults } from "../../testing/samples/hostile-results.ts";
import { sampleResults } from "../../testing/samples/sample-results.ts";
import { renderMarkdown } from "./markdown.ts";

describe("renderMarkdown", () => {
  test("shows everything that a run found", async () => {
    await expect(renderMarkdown(reportOf(sampleResults))).toMatchFileSnapshot("snapshots/report.md");
  });

  test("leaves out the sections of what did not run", () => {
    const nothing = {
      verdicts: [],
      faults: [],
      smallestPlans: [],
      recovery: [],
      wakes: [],
      crashMatrix: [],
      claims: [],
      durability: [],
      codeSize: [],
      selftest: [],
      falseAlarms: [],
      load: [],
      loadRatios: [],
      loadAa: [],
      loadBounds: [],
      loadTuned: [],
      loadLeftOut: [],
      idleScale: [],
      cost: [],
      overload: [],
      soak: [],
      growth: [],
      footprint: [],
      upgrades: [],
      faultOutcomes: [],
      upgradePrices: [],
    };
    const report = renderMarkdown(reportOf({ ...sampleResults, ...nothing }));
    expect(report.match(/^## .*/gm)).toEqual(["## How it ran"]);
  });

  test("lets no text from outside become markup, HTML, a cell or a line of its own", () => {
    const report = renderMarkdown(reportOf(hostileResults));
    const prose = report.replace(/^```json\n[\s\S]*?^```$/gm, "");
    expect(prose).not.toMatch(/<img|<\/td>/);
    expect(prose).not.toMatch(/(?<!\\)\[a\]|(?<!\\)\*\*b/);
    expect(prose).not.toMatch(/(?<!\\)`x/);
    expect(report).not.toMatch(/^# \[a\]/m);
    expect(report).not.toMatch(/[^\P{C}\n]/u);
  });

  test("a fence ends only where the report ends it", () => {
    const [row] = hostileResults.verdicts;
    if (row === undefined) throw new Error("the sample has no verdict");
    const evidence = [{ seq: "1-0", at: 1, kind: "landed", session: "```\n# out" }];
    const verdicts = [{ ...row, violations: [{ session: "s", what: "w", evidence }] }];
    const fences = renderMarkdown(reportOf({ ...hostileResults, verdicts })).match(/```/g) ?? [];
    // The command, the evidence, the command again.
    expect(fences).toHaveLength(6);
  });

  test("says how much it does not show", () => {
    const verdicts = sampleResults.verdicts.map((row) => ({
      ...row,
      violationCount: row.violationCount * 100,
    }));
    expect(renderMarkdown(reportOf({ ...sampleResults, verdicts }))).toContain("… and 299 more violations");
  });
});
