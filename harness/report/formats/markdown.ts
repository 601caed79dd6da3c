/** `report.md`: a run for people, complete enough to be judged without the machine that it ran on. */
import { markdownTable } from "markdown-table";
import { commandLineOf } from "../command-line.ts";
import { gibibytes, milliseconds, seconds } from "../numbers.ts";
import { fenced, markdownText } from "../printable.ts";
import type { Report, ViolatedGuarantee } from "../report.ts";
import type { RunFacts } from "../run-facts.ts";
import { alignmentOf, fitted, type Table } from "../table.ts";

/** The whole report as GitHub-flavoured Markdown. Pure. Text that came from a session is escaped. */
export function renderMarkdown(report: Report): string {
  const { facts, sentences, headline, overviews, details, unknown, legend } = report;
  const blocks = [
    `# Killproof: ${markdownText(facts.run.command)}`,
    list(sentences.map(({ text }) => text)),
    ...(headline === null ? [] : section(headline.title, [drawMarkdownTable(headline)])),
    ...section("How it ran", [
      list(circumstances(facts)),
      "The same again:",
      fenced("sh", [commandLineOf(facts.run)]),
    ]),
    ...[...overviews, ...details].flatMap((table) =>
      section(table.title, [drawMarkdownTable(table), ...noteOf(table)]),
    ),
    ...section("What stayed unknown", [list(unknown)]),
    ...section("Violated guarantees", violationBlocks(report)),
    ...section("How to read this", [list(legend)]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** A heading and what stands under it; nothing where nothing does. */
function section(title: string, blocks: readonly string[]): readonly string[] {
  const filled = blocks.filter((block) => block !== "");
  return filled.length === 0 ? [] : [`## ${markdownText(title)}`, ...filled];
}

function circumstances({ run, machine, versions }: RunFacts): readonly string[] {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version ?? "not known"}`);
  return [
    `Machine: ${machine.cpu}, ${machine.cores} cores, ${gibibytes(machine.memoryBytes)}, ${machine.os}`,
    `Versions: ${named.join(", ")}`,
    `Commit: ${run.commit ?? "not known"}`,
    `Seed ${run.seed ?? "none"}, ${run.leaseMs == null ? "" : `lease ${milliseconds(run.leaseMs)}, `}profile ${run.profile}, started ${run.startedAt}, took ${seconds(run.wallMs)}, exit code ${run.exitCode}`,
    ...(run.remade ?? []).map(
      ({ experiments, targets, seed, startedAt, commit }) =>
        `Played again later: ${experiments.join(", ")} on ${targets.join(", ")}, at commit ${commit ?? "not known"}, seed ${seed ?? "none"}, ${startedAt}`,
    ),
  ];
}

/** One table without its title and its note. Pure. Text that came from a session is escaped. */
export function drawMarkdownTable(table: Table): string {
  const { headers, rows } = fitted(table);
  const cells = [headers, ...rows].map((row) => row.map(markdownText));
  return markdownTable(cells, { align: headers.map((_header, column) => alignmentOf(column)) });
}

function noteOf({ note }: Table): readonly string[] {
  return note === null ? [] : [markdownText(note)];
}

function violationBlocks({ facts, violated, smallestPlans }: Report): readonly string[] {
  if (violated.length === 0) return [];
  return [
    ...violated.flatMap(violationsOf),
    "Replay them:",
    fenced("sh", [commandLineOf(facts.run)]),
    ...(smallestPlans.length > 0 ? [list(smallestPlans)] : []),
  ];
}

function violationsOf({ where, found, shown, hidden }: ViolatedGuarantee): readonly string[] {
  return [
    `### ${markdownText(`${where}: ${found}`)}`,
    ...shown.flatMap(({ session, what, entries, hiddenEntries }) => [
      `Session ${markdownText(session)}: ${markdownText(what)}`,
      fenced("json", entries),
      ...(hiddenEntries > 0 ? [`… and ${hiddenEntries} more entries.`] : []),
    ]),
    ...(hidden > 0 ? [`… and ${hidden} more violations, of which results.json has only the count.`] : []),
  ];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${markdownText(item)}`).join("\n");
}
