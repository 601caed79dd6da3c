import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withReferenceTables } from "../harness/report/reference-tables.ts";
import { readResults } from "../harness/report/results-file.ts";

const root = join(import.meta.dirname, "..");

test("the README's tables are those of the reference results", async () => {
  const results = await readResults(join(root, "results/reference/results.json"));
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(readme).toContain("<!-- reference: ");
  expect(withReferenceTables(readme, results)).toBe(readme);
});
