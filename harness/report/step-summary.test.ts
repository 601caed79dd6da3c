import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { reportOf } from "../experiments/report-of.ts";
import { sampleResults } from "../testing/samples/sample-results.ts";
import { renderMarkdown } from "./formats/markdown.ts";
import { appendStepSummary, fitted } from "./step-summary.ts";

const mebibyte = 1024 * 1024;
const report = renderMarkdown(reportOf(sampleResults));

describe("fitted", () => {
  test("what fits stays as it is", () => {
    expect(fitted(report, Buffer.byteLength(report))).toBe(report);
  });

  test.each([100, 1000, 3000, Buffer.byteLength(report) - 1])(
    "into %d bytes goes a beginning of whole blocks, and the note that the rest is elsewhere",
    (roomBytes) => {
      const text = fitted(report, roomBytes);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(roomBytes);
      const [note, ...kept] = text.trimEnd().split("\n\n").reverse();
      expect(note).toMatch(/did not fit.*report\.md/);
      expect(report.startsWith(kept.reverse().join("\n\n"))).toBe(true);
      expect((text.match(/^```/gm) ?? []).length % 2).toBe(0);
    },
  );

  test("where not even the note fits, there is nothing", () => {
    expect(fitted(report, 20)).toBe("");
  });
});

describe("appendStepSummary", () => {
  let path: string;
  beforeEach(async () => {
    path = join(await mkdtemp(join(tmpdir(), "killproof-summary-")), "summary.md");
  });
  afterEach(() => rm(join(path, ".."), { recursive: true }));

  test("several reports of one step stand one after another, and never go over what GitHub takes", async () => {
    await writeFile(path, "x".repeat(mebibyte - 2500));
    await appendStepSummary(path, report);
    await appendStepSummary(path, report);
    const text = await readFile(path, "utf8");
    expect(text).toMatch(/x# Killproof: chaos/);
    expect(text).toMatch(/did not fit/);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mebibyte);
  });
});
