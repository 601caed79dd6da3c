/** `report.md`: a run for people, complete enough to be judged without the machine that it ran on. */
import { markdownTable } from "markdown-table";
import { smallestPlanSentences } from "../../experiments/chaos/smallest-plans.ts";
import { proofOf } from "../../experiments/verdicts/evidence.ts";
import { legend } from "../../experiments/verdicts/legend.ts";
import { foundIn, unknownReasons } from "../../experiments/verdicts/tables.ts";
import { commandLineOf } from "../command-line.ts";
import { headlineTable } from "../headline-table.ts";
import { gibibytes, seconds } from "../numbers.ts";
import { markdownCode, markdownText } from "../printable.ts";
import type { Results, VerdictRow } from "../results-schema.ts";
import { summarize } from "../summary.ts";
import { alignmentOf, type Table } from "../table.ts";
import { tablesOf } from "../tables.ts";

/** The whole report as GitHub-flavoured Markdown. Pure. Text that came from a session is escaped. */
export function renderMarkdown(results: Results): string {
  const blocks = [
    `# Killproof: ${markdownText(results.run.command)}`,
    list(summarize(results)),
    ...headline(results),
    ...section("How it ran", [
      list(circumstances(results)),
      "The same again:",
      fenced("sh", [commandLineOf(results.run)]),
    ]),
    ...tablesOf(results).flatMap((table) =>
      section(table.title, [drawMarkdownTable(table), ...noteOf(table)]),
    ),
    ...section("What stayed unknown", [list(unknownReasons(results))]),
    ...section("Violated guarantees", violationBlocks(results)),
    ...section("How to read this", results.verdicts.length > 0 ? [list(legend)] : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** Only where several experiments have something to say: of one, its own table says it. */
function headline(results: Results): readonly string[] {
  const table = headlineTable(results);
  return results.run.command === "compare" ? section(table.title, [drawMarkdownTable(table)]) : [];
}

/** A heading and what stands under it; nothing where nothing does. */
function section(title: string, blocks: readonly string[]): readonly string[] {
  const filled = blocks.filter((block) => block !== "");
  return filled.length === 0 ? [] : [`## ${markdownText(title)}`, ...filled];
}

function circumstances({ run, machine, versions }: Results): readonly string[] {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version ?? "not known"}`);
  return [
    `Machine: ${machine.cpu}, ${machine.cores} cores, ${gibibytes(machine.memoryBytes)}, ${machine.os}`,
    `Versions: ${named.join(", ")}`,
    `Commit: ${run.commit ?? "not known"}`,
    `Seed ${run.seed ?? "none"}, profile ${run.profile}, started ${run.startedAt}, took ${seconds(run.wallMs)}, exit code ${run.exitCode}`,
  ];
}

/** One table without its title and its note. Pure. Text that came from a session is escaped. */
export function drawMarkdownTable({ headers, rows }: Table): string {
  const cells = [headers, ...rows].map((row) => row.map(markdownText));
  return markdownTable(cells, { align: headers.map((_header, column) => alignmentOf(column)) });
}

function noteOf({ note }: Table): readonly string[] {
  return note === null ? [] : [markdownText(note)];
}

function violationBlocks(results: Results): readonly string[] {
  const violated = results.verdicts.filter((row) => row.guaranteed && row.verdict === "fail");
  if (violated.length === 0) return [];
  return [
    ...violated.flatMap(violationsOf),
    "Replay them:",
    fenced("sh", [commandLineOf(results.run)]),
    ...(results.smallestPlans.length > 0 ? [list(smallestPlanSentences(results))] : []),
  ];
}

function violationsOf(row: VerdictRow): readonly string[] {
  const { shown, hidden } = proofOf(row);
  const heading = `${row.invariant} on ${row.target}, ${row.mode}: ${foundIn(row)}`;
  return [
    `### ${markdownText(heading)}`,
    ...shown.flatMap(({ session, what, entries, hiddenEntries }) => [
      `Session ${markdownText(session)}: ${markdownText(what)}`,
      fenced("json", entries),
      ...(hiddenEntries > 0 ? [`… and ${hiddenEntries} more entries.`] : []),
    ]),
    ...(hidden > 0 ? [`… and ${hidden} more violations in results.json.`] : []),
  ];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${markdownText(item)}`).join("\n");
}

function fenced(language: string, lines: readonly string[]): string {
  return [`\`\`\`${language}`, ...lines.map(markdownCode), "```"].join("\n");
}
