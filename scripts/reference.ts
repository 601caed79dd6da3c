/**
 * Publishes a run: copies its generated files to `results/reference/`, where a run is named, and writes the tables of the
 * README from the results that stand there. A test fails when README and results differ.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { formatError, UsageError } from "../harness/errors.ts";
import { reportOf } from "../harness/experiments/report-of.ts";
import { readResults } from "../harness/experiments/results.ts";
import { startChromium } from "../harness/report/page/chromium.ts";
import { withReferenceTables } from "../harness/report/reference-tables.ts";

const root = join(import.meta.dirname, "..");
const reference = join(root, "results/reference");
const readme = join(root, "README.md");
/** All that a run generates but its history, which is too long to keep. */
const files = ["results.json", "plan.json", "report.md", "report.html", "junit.xml", "results.csv"];

try {
  const [run] = process.argv.slice(2);
  if (run !== undefined) {
    copyFrom(run);
    await paint();
  }
  const results = await readResults(join(reference, "results.json"));
  writeFileSync(readme, withReferenceTables(readFileSync(readme, "utf8"), reportOf(results)));
} catch (thrown) {
  const { lines, exitCode } = formatError(thrown);
  console.error(lines.join("\n"));
  process.exitCode = exitCode;
}

function copyFrom(folder: string): void {
  if (!existsSync(join(folder, "results.json")))
    throw new UsageError(`${folder} is not the folder of a run.`, "Name one, such as results/latest.");
  const missing = files.filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0)
    throw new UsageError(
      `${folder} has no ${missing.join(", ")}: beside the new results would stand those files of an older run.`,
      "Publish a run with all of them; npm run report -- FILE --format md,html,junit,csv makes all but the plan again.",
    );
  mkdirSync(reference, { recursive: true });
  for (const file of files) copyFileSync(join(folder, file), join(reference, file));
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
