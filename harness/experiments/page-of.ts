/** A run's page from the files of its folder, so that a page made again says what the first one said. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readHistory } from "../history/history-file.ts";
import { renderPage } from "../report/formats/html.ts";
import { targetsThatRan } from "../report/of-targets.ts";
import type { RunFacts } from "../report/run-facts.ts";
import { mostAcross } from "../report/table.ts";
import { partsOfTargetName } from "../report/target-name.ts";
import { type Drawn, timelineOf } from "../report/timeline/timeline.ts";
import { timelineSchema } from "../report/timeline/timeline-schema.ts";
import { knownEngines, usualTargetNames } from "../targets/targets.ts";
import { experiments } from "./index.ts";
import { reportOf } from "./report-of.ts";
import { factsAndRowsOf, type Results, resultsSchema } from "./results.ts";
import { settingsIn } from "./settings.ts";

const pageModule = join(import.meta.dirname, "page.ts");

/**
 * From its results and from the `history.jsonl` in its folder; without that file, or that folder, it has no timelines and says so.
 * @throws UnreadableResultsError when the history is damaged, HarnessError when the page cannot be made.
 */
export async function pageOf(results: Results, runFolder: string | null): Promise<string> {
  const { facts } = factsAndRowsOf(results);
  const { sentences, decisions } = reportOf(results);
  const history = runFolder === null ? null : join(runFolder, "history.jsonl");
  const timeline =
    history !== null && existsSync(history) ? timelineOf(await readHistory(history), drawnOf(results)) : null;
  const extras = await Promise.all(experiments.map((each) => each.pageExtras?.(facts) ?? {}));
  return renderPage(
    {
      results: resultsSchema.parse(results),
      timeline: timelineSchema.nullable().parse(timeline),
      compared: comparedAtFirst(facts),
      packages: Object.fromEntries(knownEngines().map(({ name, versions }) => [name, versions])),
      sentences,
      decisions: decisions.map(({ evidence: _, ...shown }) => shown),
      extras: Object.assign({}, ...extras),
    },
    pageModule,
  );
}

/** What of a run's ledgers its page draws. Pure. */
function drawnOf(results: Results): Drawn {
  const { facts, rows } = factsAndRowsOf(results);
  const drawn = experiments.map((each) => each.drawn?.(rows, settingsIn(facts, each)) ?? {});
  return {
    runs: drawn.flatMap(({ runs = [] }) => runs),
    cases: drawn.flatMap(({ cases = [] }) => cases),
    violated: drawn.flatMap(({ violated = [] }) => violated),
  };
}

/** All of a few targets; of more those of the engines that the project's question is about, or the first few. Pure. */
function comparedAtFirst(facts: RunFacts): readonly string[] {
  const names = targetsThatRan(facts);
  if (names.length <= mostAcross) return names;
  const engineOf = (name: string) => partsOfTargetName(name).engine;
  const usual = usualTargetNames.map(engineOf);
  const asked = names.filter((name) => usual.includes(engineOf(name)));
  return asked.length > 1 ? asked : names.slice(0, mostAcross);
}
