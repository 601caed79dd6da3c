/** The formats that a run is reported in, beside `results.json`, which is always written: a line each. */
import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import type { Results } from "../results-schema.ts";
import { writeWholeFile } from "../whole-file.ts";
import { renderCsv } from "./csv.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderRunPage } from "./run-page.ts";

export interface Format {
  /** As `--format` names it. */
  readonly name: string;
  readonly file: string;
  /** The whole file; `runFolder` has the run's plan and history. */
  readonly render: (results: Results, runFolder: string) => string | Promise<string>;
}

export const formats: readonly Format[] = [
  { name: "md", file: "report.md", render: renderMarkdown },
  { name: "html", file: "report.html", render: renderRunPage },
  { name: "junit", file: "junit.xml", render: renderJunit },
  { name: "csv", file: "results.csv", render: renderCsv },
];

/** Looks up the formats in a list separated by commas; `json` asks for nothing more. @throws UsageError for a name that does not exist. */
export function formatsNamed(list: string): readonly Format[] {
  const known = [...formats.map(({ name }) => name), "json"];
  const names = list.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      unknown === "" ? "No format was named." : `There is no format "${unknown}".`,
      `Choose from: ${known.join(", ")}. results.json is always written.`,
    );
  }
  return formats.filter(({ name }) => names.includes(name));
}

/** Writes the files into the folder of a run. */
export async function writeFormats(
  wanted: readonly Format[],
  results: Results,
  runFolder: string,
): Promise<void> {
  for (const { file, render } of wanted) {
    await writeWholeFile(join(runFolder, file), await render(results, runFolder));
  }
}
