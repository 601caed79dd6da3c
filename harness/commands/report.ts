/** The command `report`: no run, but what earlier ones wrote, shown or written again, or two of them side by side. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.ts";
import { pageOf } from "../experiments/page-of.ts";
import { reportOf } from "../experiments/report-of.ts";
import {
  factsAndRowsOf,
  type Results,
  readResults,
  resultsOf,
  writeResults,
} from "../experiments/results.ts";
import { assumedOf } from "../experiments/settings.ts";
import { comparisonOf } from "../report/compare.ts";
import { formats, formatsNamed, writeFormats } from "../report/formats/formats.ts";
import { renderTable, renderTerminal } from "../report/formats/terminal.ts";
import { ofTargets } from "../report/of-targets.ts";
import { printable } from "../report/printable.ts";
import { hardenedOf } from "../report/target-name.ts";
import { style } from "../run/run-experiments.ts";
import { judgeAgain } from "./rejudge.ts";

/** In the folder of a run: what its history says when it is judged again. */
const judgedFolder = "judged";

interface ReportOptions {
  /** Two results files, or folders of runs. */
  readonly compare?: readonly string[];
  readonly force?: true;
  /** Formats to write again beside the results; none where it is left out. */
  readonly format?: string;
  /** Whether the run's history is judged again, and what follows from that is written into a folder beside its files. */
  readonly judge?: true;
  /** The targets that are shown; all, where it is left out. */
  readonly targets?: string;
}

/** Shows a results file again, perhaps judged again, or what changed between two. Resolves with the exit code of the run; of a comparison, with 0. */
export async function runReport(file: string | undefined, options: ReportOptions): Promise<number> {
  const { compare, force = false, format, judge = false, targets } = options;
  if (compare !== undefined) {
    if (file === undefined) return compareResults(compare, force);
    throw new UsageError(
      `${file} is not among what --compare compares.`,
      "Name both behind it: --compare A B.",
    );
  }
  if (force) throw new UsageError("--force is given without --compare.", "Name two results: --compare A B.");
  const path = resultsFileAt(file ?? join("results", "latest"));
  const wanted = format === undefined ? (judge ? formats : []) : formatsNamed(format);
  const folder = dirname(path);
  const kept = await readResults(path);
  const assumed = assumedOf(kept);
  if (assumed !== null && (judge || wanted.length > 0)) console.error(`Warning: ${printable(assumed)}`);
  const all = judge ? await judgeAgain(kept, folder) : kept;
  const into = judge ? join(folder, judgedFolder) : folder;
  if (judge) {
    mkdirSync(into, { recursive: true });
    await writeResults(join(into, "results.json"), all);
  }
  const results = targets === undefined ? all : resultsOnly(all, targets);
  const report = reportOf(results);
  await writeFormats(wanted, { report, page: () => pageOf(results, folder) }, into);
  console.log(renderTerminal(report, style()));
  return report.facts.run.exitCode;
}

/** @throws UsageError where performance would be compared across machines or versions; what may be compared is shown before. */
async function compareResults(files: readonly string[], force: boolean): Promise<number> {
  const [a, b, ...others] = files;
  if (a === undefined || b === undefined || others.length > 0) {
    throw new UsageError(
      `--compare takes two results, not ${files.length}.`,
      "Name two results files, or folders of runs: --compare A B.",
    );
  }
  const [ofA, ofB] = [
    reportOf(await readResults(resultsFileAt(a))),
    reportOf(await readResults(resultsFileAt(b))),
  ];
  const { agreement, findings, performance, obstacles } = comparisonOf(ofA, ofB);
  const isRefused = performance.length > 0 && obstacles.length > 0 && !force;
  const shown = isRefused ? findings : [...findings, ...performance];
  console.log([...shown.map((table) => renderTable(table, style())), agreement].join("\n\n"));
  if (!isRefused) return 0;
  throw new UsageError(
    `Performance is not compared: ${printable(obstacles.join("; "))}.`,
    "Make both runs on one machine with the same versions, or add --force to see the figures, marked.",
  );
}

/** What results say of some of their targets. @throws UsageError for a target that they say nothing of. */
function resultsOnly(results: Results, list: string): Results {
  const { facts, rows } = factsAndRowsOf(results);
  const chosen = list.split(",").map((name) => name.trim());
  const known = facts.targets.map(({ name }) => name);
  const unknown = chosen.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`The results say nothing of "${unknown}".`, `Choose from: ${known.join(", ")}.`);
  }
  const targets = facts.targets.filter(({ name }) => chosen.includes(hardenedOf(name)));
  return resultsOf({ ...facts, targets }, ofTargets(rows, chosen));
}

function resultsFileAt(path: string): string {
  return existsSync(path) && statSync(path).isDirectory() ? join(path, "results.json") : path;
}
