import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HarnessError, UnreadableResultsError } from "../errors.ts";
import type { Results } from "../experiments/results.ts";
import { readResults, writeResults } from "../experiments/results.ts";
import { sampleResults } from "../testing/samples/sample-results.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "killproof-results-"));
  path = join(folder, "results.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function failureToRead(): Promise<unknown> {
  return readResults(path).catch((error: unknown) => error);
}

describe("results file", () => {
  test("what was written is read back whole", async () => {
    await writeResults(path, sampleResults);
    expect(await readResults(path)).toEqual(sampleResults);
    expect(await readdir(folder)).toEqual(["results.json"]);
  });

  test("results that do not fit the schema are not written, and the last file stays", async () => {
    await writeResults(path, sampleResults);
    const before = await readFile(path, "utf8");
    const wrong: Results = { ...sampleResults, run: { ...sampleResults.run, seed: 0.5 } };
    await expect(writeResults(path, wrong)).rejects.toThrow(HarnessError);
    await expect(writeResults(path, wrong)).rejects.toThrow("run.seed");
    expect(await readFile(path, "utf8")).toBe(before);
    expect(await readdir(folder)).toEqual(["results.json"]);
  });

  test("a list of violations that is longer than their count is refused", async () => {
    const verdicts = sampleResults.verdicts.map((row) => ({ ...row, violationCount: 0 }));
    await expect(writeResults(path, { ...sampleResults, verdicts })).rejects.toThrow("violationCount");
  });

  test("more violating sessions than exposed ones are refused", async () => {
    const verdicts = sampleResults.verdicts.map((row) => ({ ...row, violatingExposed: row.exposed + 1 }));
    await expect(writeResults(path, { ...sampleResults, verdicts })).rejects.toThrow("violatingExposed");
  });

  test("evidence keeps the fields of its kind", async () => {
    await writeResults(path, sampleResults);
    const rows = (await readResults(path)).verdicts.flatMap((row) => row.violations);
    expect(rows[0]?.evidence[0]).toMatchObject({ kind: "landed", step: "record:1", worker: "w0#1" });
  });

  test.each([
    ["half a file", JSON.stringify(sampleResults).slice(0, 200), "it is not JSON"],
    ["a file of another schema version", '{"schemaVersion":99}', "schema version 99"],
    ["a file without its rows", '{"schemaVersion":1}', "run:"],
    ["JSON of something else", "[]", "is not a results file"],
  ])("%s is refused by cause, then by what to do", async (_what, text, cause) => {
    await writeFile(path, text);
    const error = await failureToRead();
    expect(error).toBeInstanceOf(UnreadableResultsError);
    expect((error as UnreadableResultsError).causeLine).toContain(cause);
    expect((error as UnreadableResultsError).causeLine).toContain(path);
    expect((error as UnreadableResultsError).fixLine).toMatch(/run/);
  });

  test("a missing file is named", async () => {
    expect(await failureToRead()).toMatchObject({ causeLine: `${path} does not exist.` });
  });
});
