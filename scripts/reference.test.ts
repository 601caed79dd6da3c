import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { reportOf } from "../harness/experiments/report-of.ts";
import { readResults } from "../harness/experiments/results.ts";
import { withReferenceTables } from "../harness/report/reference-tables.ts";

const root = join(import.meta.dirname, "..");

test("the README's tables are those of the reference results", async () => {
  const results = await readResults(join(root, "results/reference/results.json"));
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(readme).toContain("<!-- reference: ");
  expect(withReferenceTables(readme, reportOf(results))).toBe(readme);
});

test("a run that lacks a format is not published beside the older run's file of it", () => {
  const folder = mkdtempSync(join(tmpdir(), "killproof-reference-"));
  try {
    cpSync(join(root, "results/reference/results.json"), join(folder, "results.json"));
    const { exitCode, stderr } = execaSync(process.execPath, [join(root, "scripts/reference.ts"), folder], {
      reject: false,
    });
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("has no plan.json, report.md")]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
