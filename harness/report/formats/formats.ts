/** The formats that a run is reported in, beside `results.json`, which is always written: a line each. */
import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import type { Report } from "../report.ts";
import { writeWholeFile } from "../whole-file.ts";
import { renderCsv } from "./csv.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";

/** What is drawn. */
export interface Drawable {
  readonly report: Report;
  /** Makes the page, which shows more than the report: the run's history is in it. */
  readonly page: () => Promise<string>;
}

export interface Format {
  /** As `--format` names it. */
  readonly name: string;
  readonly file: string;
  /** The whole file. */
  readonly render: (drawable: Drawable) => string | Promise<string>;
}

export const formats: readonly Format[] = [
  { name: "md", file: "report.md", render: ({ report }) => renderMarkdown(report) },
  { name: "html", file: "report.html", render: ({ page }) => page() },
  { name: "junit", file: "junit.xml", render: ({ report }) => renderJunit(report) },
  { name: "csv", file: "results.csv", render: ({ report }) => renderCsv(report) },
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
  drawable: Drawable,
  runFolder: string,
): Promise<void> {
  for (const { file, render } of wanted) {
    await writeWholeFile(join(runFolder, file), await render(drawable));
  }
}
