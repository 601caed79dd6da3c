/** The published run, and the pages whose tables are written from it. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { reportOf } from "../harness/experiments/report-of.ts";
import { readResults } from "../harness/experiments/results.ts";
import { runsNamedIn } from "../harness/report/reference-tables.ts";
import type { Report } from "../harness/report/report.ts";

export const root = join(import.meta.dirname, "..");
export const reference = join(root, "results/reference");

/** Paths of the pages that name a table of a kept run: README and those under `docs/`. */
export function pagesWithTables(): readonly string[] {
  return ["README.md", ...globSync("docs/**/*.md", { cwd: root }).sort()]
    .map((page) => join(root, page))
    .filter((page) => readFileSync(page, "utf8").includes("<!-- reference"));
}

/** The report of each run whose tables some page names, by its folder beside the published run. */
export async function reportsOfPages(): Promise<ReadonlyMap<string, Report>> {
  const runs = new Set(pagesWithTables().flatMap((page) => runsNamedIn(readFileSync(page, "utf8"))));
  const reports = [...runs].map(
    async (run) => [run, reportOf(await readResults(join(reference, run, "results.json")))] as const,
  );
  return new Map(await Promise.all(reports));
}
