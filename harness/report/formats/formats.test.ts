import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../../errors.ts";
import { pageOf } from "../../experiments/page-of.ts";
import { reportOf } from "../../experiments/report-of.ts";
import { sampleResults } from "../../testing/samples/sample-results.ts";
import { formats, formatsNamed, writeFormats } from "./formats.ts";
import { renderMarkdown } from "./markdown.ts";

const named = (list: string) => formatsNamed(list).map(({ name }) => name);

test("formats are found by name, and json, which is always written, asks for nothing more", () => {
  expect(named("csv, md")).toEqual(["md", "csv"]);
  expect(named("json")).toEqual([]);
  expect(named(formats.map(({ name }) => name).join(","))).toEqual(formats.map(({ name }) => name));
});

test.each(["pdf", "", "md,,csv"])("%j is refused with the names that there are", (list) => {
  expect(() => formatsNamed(list)).toThrow(UsageError);
  expect(() => formatsNamed(list)).toThrow(/format/);
});

test("each format is a file of its own", async () => {
  const folder = await mkdtemp(join(tmpdir(), "killproof-formats-"));
  try {
    const report = reportOf(sampleResults);
    await writeFormats(formats, { report, page: () => pageOf(sampleResults, folder) }, folder);
    expect((await readdir(folder)).sort()).toEqual(formats.map(({ file }) => file).sort());
    expect(await readFile(join(folder, "report.md"), "utf8")).toBe(renderMarkdown(report));
  } finally {
    await rm(folder, { recursive: true });
  }
});
