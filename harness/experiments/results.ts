/**
 * `results.json`: what a run is, and the rows of every experiment; one that did not run leaves its arrays empty. Read and
 * written by the schemas that stand with the experiments.
 */
import { z } from "zod";
import { readResultsFile, writeResultsFile } from "../report/results-file.ts";
import { type RunFacts, runFactsShape } from "../report/run-facts.ts";
import { rowsOf } from "../report/schema-parts.ts";
import type { FoundRows } from "../run/run-experiments.ts";
import { experiments, type Rows } from "./index.ts";

export type Results = RunFacts & Rows;

const rowShape = Object.fromEntries(
  experiments.flatMap(({ rows }) =>
    // Absent in a file that was written before there was such an experiment.
    Object.entries(rows).map(([key, schema]) => [key, rowsOf(schema).default([])] as const),
  ),
);

/** Its type is put together from the list as its value is. */
export const resultsSchema = z.strictObject({
  ...runFactsShape,
  ...rowShape,
}) as unknown as z.ZodType<Results>;

/** @throws UnreadableResultsError when the file is missing, damaged, or of another schema version. */
export function readResults(path: string): Promise<Results> {
  return readResultsFile(path, resultsSchema);
}

/** Writes the file, whole or not at all. @throws HarnessError when `results` does not fit the schema. */
export function writeResults(path: string, results: Results): Promise<void> {
  return writeResultsFile(path, results, resultsSchema);
}

/** Results of whatever has been found; arrays that nobody filled are empty. Pure. */
export function resultsOf(facts: RunFacts, found: FoundRows): Results {
  const empty = Object.fromEntries(Object.keys(rowShape).map((key) => [key, []]));
  return { ...facts, ...empty, ...found } as unknown as Results; // each experiment has filled its own rows
}

/** The two halves of results. Pure. */
export function factsAndRowsOf(results: Results): { readonly facts: RunFacts; readonly rows: FoundRows } {
  const { schemaVersion, run, machine, versions, targets, ...rows } = results;
  return { facts: { schemaVersion, run, machine, versions, targets }, rows };
}
