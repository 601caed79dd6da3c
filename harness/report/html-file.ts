/** Writes a run's page from the files of its folder, so that a page made again says what the first one said. */
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readHistory } from "../history/history-file.ts";
import { renderHtml } from "./html.ts";
import type { Results } from "./results-schema.ts";
import { timelineOf } from "./timeline/timeline.ts";

/**
 * Makes `report.html` in the folder of a run from its results and from `history.jsonl`; without that file, the page has
 * no timelines and says so. Resolves with the page's path.
 * @throws UnreadableResultsError when the history is damaged, HarnessError when the page cannot be made.
 */
export async function writeHtml(folder: string, results: Results): Promise<string> {
  const history = join(folder, "history.jsonl");
  const timeline = existsSync(history) ? timelineOf(await readHistory(history), results) : null;
  const path = join(folder, "report.html");
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, await renderHtml(results, timeline));
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return path;
}
