import { describe, expect, test } from "vitest";
import { reportOf } from "../../experiments/report-of.ts";
import { formulas, hostileResults } from "../../testing/samples/hostile-results.ts";
import { sampleResults } from "../../testing/samples/sample-results.ts";
import { renderCsv } from "./csv.ts";

describe("renderCsv", () => {
  test("shows every figure of a run", async () => {
    await expect(renderCsv(reportOf(sampleResults))).toMatchFileSnapshot("snapshots/results.csv");
  });

  test("is one line for each figure, with as many cells as the header, whatever a session wrote", () => {
    const lines = renderCsv(reportOf(hostileResults)).split("\n");
    expect(lines.at(-1)).toBe("");
    expect(lines).toHaveLength(reportOf(hostileResults).figures.length + 2);
    const widths = new Set(lines.slice(0, -1).map((line) => cellsOf(line).length));
    expect([...widths]).toEqual([14]);
    expect(lines.join("\n")).not.toMatch(/[^\P{C}\n]/u);
  });

  test("no text is a formula, be it that a spreadsheet ends cells at another character", () => {
    const csv = renderCsv(reportOf(hostileResults));
    const cells = csv.split("\n").flatMap((line) => [...cellsOf(line), ...line.split(/[,;|"\t]/)]);
    const computed = cells.filter((cell) => /^\s*[=+\-@]/.test(cell) && Number.isNaN(Number(cell)));
    expect(computed).toEqual([]);
    expect(csv.match(/out of order/g)).toHaveLength(formulas.length);
  });

  test("a negative number is a number", () => {
    expect(renderCsv(reportOf(sampleResults))).toMatch(/,lateness p50,-0\.4,ms,/);
  });

  test("what was not measured is empty, and never 0", () => {
    expect(renderCsv(reportOf(sampleResults))).toMatch(/"10000 sleepers, all at once",lateness p99,,ms,,/);
  });
});

/** The cells of one line of RFC 4180. */
function cellsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))(?=,|$)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
  );
}
