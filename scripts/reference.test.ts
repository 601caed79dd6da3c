import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { withReferenceTables } from "../harness/report/reference-tables.ts";
import { pagesWithTables, reportsOfPages, root } from "./reference-pages.ts";

test("every table of README and docs is that of the reference results", async () => {
  const reports = await reportsOfPages();
  const pages = pagesWithTables();
  expect(pages).toContain(join(root, "README.md"));
  for (const page of pages) {
    const text = readFileSync(page, "utf8");
    expect(withReferenceTables(text, reports), page).toBe(text);
  }
});

test("a run without its history is not published", () => {
  const folder = mkdtempSync(join(tmpdir(), "killproof-reference-"));
  try {
    cpSync(join(root, "results/reference/results.json"), join(folder, "results.json"));
    const { exitCode, stderr } = execaSync(process.execPath, [join(root, "scripts/reference.ts"), folder], {
      reject: false,
    });
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("has no plan.json, history.jsonl")]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
