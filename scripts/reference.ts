/**
 * Publishes a run in `results/reference/`, whole or a part of it, and writes from the results that stand there the tables of
 * every page that names some. A test fails when a page and the results differ.
 *
 *     npm run reference                                        the tables again
 *     npm run reference -- RUN                                 publish this run in place of the one that stands there
 *     npm run reference -- --only load,cost --targets NAMES    play these again at `standard`, and put them in place of theirs
 *     npm run reference -- RUN --part                          the same with a run that has been played
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { formatError, UsageError } from "../harness/errors.ts";
import { experiments } from "../harness/experiments/index.ts";
import { pageOf } from "../harness/experiments/page-of.ts";
import { withRemade } from "../harness/experiments/remade.ts";
import { reportOf } from "../harness/experiments/report-of.ts";
import { type Results, readResults, writeResults } from "../harness/experiments/results.ts";
import { copyLedgers, withLedgersOf } from "../harness/history/history-file.ts";
import { formats, writeFormats } from "../harness/report/formats/formats.ts";
import { startChromium } from "../harness/report/page/chromium.ts";
import { withReferenceTables } from "../harness/report/reference-tables.ts";
import { pagesWithTables, reference, reportsOfPages, root } from "./reference-pages.ts";

/** What nobody reads as it stands, and everybody needs who checks the rest. */
const archived = ["plan.json", "history.jsonl", "results.csv"];
/** Experiments whose ledgers somebody may want to judge; those of sleepers and of what a session costs are long, and only measured. */
const judged = experiments.filter(({ injectsFaults }) => injectsFaults).map(({ name }) => name);
const archive = join(reference, "run.tar.gz");

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: "string" },
      targets: { type: "string" },
      part: { type: "boolean", default: false },
    },
  });
  const [run] = positionals;
  if (values.only !== undefined) await publishPart(await play(values.only, values.targets));
  else if (run !== undefined) await (values.part ? publishPart(run) : publish(run));
  writeTables(await reportsOfPages());
} catch (thrown) {
  const { lines, exitCode } = formatError(thrown);
  console.error(lines.join("\n"));
  process.exitCode = exitCode;
}

/** Plays experiments of `compare` with the seed and the lease of the published run. Resolves with the run's folder. */
async function play(only: string, targets: string | undefined): Promise<string> {
  const { run } = await readResults(join(reference, "results.json"));
  const results = mkdtempSync(join(tmpdir(), "killproof-remade-"));
  const same = [
    ...(run.seed === null ? [] : ["--seed", String(run.seed)]),
    ...(run.leaseMs == null ? [] : ["--lease", String(run.leaseMs)]),
    ...(targets === undefined ? [] : ["--targets", targets]),
  ];
  const command = ["compare", "--profile", "standard", "--only", only, ...same, "--results", results];
  const { exitCode } = await execa(process.execPath, [join(root, "harness/cli.ts"), ...command], {
    stdio: "inherit",
    reject: false,
  });
  if (exitCode !== 0)
    throw new UsageError(
      `The run exited with ${exitCode}, and is not published. Its files: ${results}`,
      "Look at what it says; npm run reference -- RUN --part publishes it all the same.",
    );
  return join(results, "latest");
}

/** Puts a run, whole, in place of the one that stands there. */
async function publish(folder: string): Promise<void> {
  const results = await resultsIn(folder);
  if (results.run.isUnfinished)
    throw new UsageError(
      `${folder} ended before all of it was played.`,
      "npm run reference -- RUN --part publishes what came first.",
    );
  refuseWithout(folder, archived.slice(0, 2));
  await write(results, folder);
}

/** Puts what a run found in place of what the published one found of the same, in its history as in its results. */
async function publishPart(folder: string): Promise<void> {
  const merged = withRemade(await readResults(join(reference, "results.json")), await resultsIn(folder));
  const both = mkdtempSync(join(tmpdir(), "killproof-reference-"));
  try {
    await execa("tar", ["-xzf", archive, "-C", both]);
    if (existsSync(join(folder, "plan.json"))) cpSync(join(folder, "plan.json"), join(both, "plan.json"));
    await withLedgersOf(join(both, "history.jsonl"), join(folder, "history.jsonl"));
    await write(merged, both);
  } finally {
    rmSync(both, { recursive: true });
  }
}

/** Writes everything that is published of these results, whose history and plan are in the folder. */
async function write(results: Results, folder: string): Promise<void> {
  rmSync(archive, { force: true });
  mkdirSync(reference, { recursive: true });
  await writeResults(join(reference, "results.json"), results);
  const report = reportOf(results);
  await writeFormats(formats, { report, page: () => pageOf(results, folder) }, reference);
  const packed = mkdtempSync(join(tmpdir(), "killproof-archive-"));
  try {
    cpSync(join(folder, "plan.json"), join(packed, "plan.json"));
    await copyLedgers(join(folder, "history.jsonl"), join(packed, "history.jsonl"), ({ experiment }) =>
      judged.some((name) => experiment.startsWith(name)),
    );
    cpSync(join(reference, "results.csv"), join(packed, "results.csv"));
    await execa("tar", ["-czf", archive, "-C", packed, ...archived], { env: { GZIP: "-9" } });
  } finally {
    rmSync(packed, { recursive: true });
    rmSync(join(reference, "results.csv"));
  }
  await paint();
}

function resultsIn(folder: string): Promise<Results> {
  if (!existsSync(join(folder, "results.json")))
    throw new UsageError(`${folder} is not the folder of a run.`, "Name one, such as results/latest.");
  return readResults(join(folder, "results.json"));
}

function refuseWithout(folder: string, files: readonly string[]): void {
  const missing = files.filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0)
    throw new UsageError(
      `${folder} has no ${missing.join(", ")}: the published run would lack them.`,
      "Publish the folder of a run with all of its files.",
    );
}

function writeTables(reports: Awaited<ReturnType<typeof reportsOfPages>>): void {
  for (const page of pagesWithTables())
    writeFileSync(page, withReferenceTables(readFileSync(page, "utf8"), reports));
}

/** The picture of the run: its timeline, as the page draws it. */
async function paint(): Promise<void> {
  const browser = await startChromium();
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  await page.goto(pathToFileURL(join(reference, "report.html")).href);
  await page
    .locator("#timeline svg")
    .first()
    .screenshot({ path: join(reference, "timeline.png") });
  await browser.close();
}
