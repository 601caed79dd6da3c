import { describe, expect, it } from "vitest";
import { reportOf } from "../experiments/report-of.ts";
import { sampleResults } from "../testing/sample-results.ts";
import { withReferenceTables } from "./reference-tables.ts";

const report = reportOf(sampleResults);
const page = "before\n<!-- reference: Durability -->\nold\n<!-- end of reference -->\nafter\n";

describe("withReferenceTables", () => {
  it("writes the named table between its marks, and nothing else", () => {
    const written = withReferenceTables(page, report);
    expect(written).toMatch(/^before\n<!-- reference: Durability -->\n\n\| /);
    expect(written).toMatch(/\|\n\n<!-- end of reference -->\nafter\n$/);
    expect(written).not.toContain("old");
  });

  it("changes nothing when it is done again, and nothing on a page without marks", () => {
    const written = withReferenceTables(page, report);
    expect(withReferenceTables(written, report)).toBe(written);
    expect(withReferenceTables("no marks\n", report)).toBe("no marks\n");
  });

  it("names the tables that there are when one is not among them", () => {
    expect(() => withReferenceTables(page.replace("Durability", "Beauty"), report)).toThrow(/"Beauty"/);
  });
});
