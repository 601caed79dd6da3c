import { describe, expect, it } from "vitest";
import { reportOf } from "../experiments/report-of.ts";
import { sampleResults } from "../testing/samples/sample-results.ts";
import { runsNamedIn, withReferenceTables } from "./reference-tables.ts";

const report = reportOf(sampleResults);
const reports = new Map([["", report]]);
const page = "before\n<!-- reference: Durability -->\nold\n<!-- end of reference -->\nafter\n";

describe("withReferenceTables", () => {
  it("writes the named table between its marks, and nothing else", () => {
    const written = withReferenceTables(page, reports);
    expect(written).toMatch(/^before\n<!-- reference: Durability -->\n\n\| /);
    expect(written).toMatch(/\|\n\n<!-- end of reference -->\nafter\n$/);
    expect(written).not.toContain("old");
  });

  it("changes nothing when it is done again, and nothing on a page without marks", () => {
    const written = withReferenceTables(page, reports);
    expect(withReferenceTables(written, reports)).toBe(written);
    expect(withReferenceTables("no marks\n", reports)).toBe("no marks\n");
  });

  it("names the tables that there are when one is not among them", () => {
    expect(() => withReferenceTables(page.replace("Durability", "Beauty"), reports)).toThrow(/"Beauty"/);
  });

  it("takes a table from another kept run where a mark names one", () => {
    const marked = page.replace("reference:", "reference guests:");
    expect(runsNamedIn(page + marked)).toEqual(["", "guests"]);
    expect(() => withReferenceTables(marked, reports)).toThrow(/"Durability"/);
    expect(withReferenceTables(marked, new Map([["guests", report]]))).toContain("\n| ");
  });
});
