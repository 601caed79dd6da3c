/** A run's page from the files of its folder, so that a page made again says what the first one said. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readHistory } from "../../history/history-file.ts";
import type { Results } from "../results-schema.ts";
import { timelineOf } from "../timeline/timeline.ts";
import { renderHtml } from "./html.ts";

/**
 * The page of a run, from its results and from the `history.jsonl` in its folder; without that file, it has no timelines
 * and says so.
 * @throws UnreadableResultsError when the history is damaged, HarnessError when the page cannot be made.
 */
export async function renderRunPage(results: Results, runFolder: string): Promise<string> {
  const history = join(runFolder, "history.jsonl");
  const timeline = existsSync(history) ? timelineOf(await readHistory(history), results) : null;
  return renderHtml(results, timeline);
}
