/** A run for the person who waits at the terminal: the sentences, the tables, and what was violated. */
import { styleText } from "node:util";
import CliTable from "cli-table3";
import { smallestPlanSentences } from "../../experiments/chaos/smallest-plans.ts";
import { legend } from "../../experiments/verdicts/legend.ts";
import { glyphs, unknownReasons } from "../../experiments/verdicts/tables.ts";
import { commandLineOf } from "../command-line.ts";
import { headlineTable } from "../headline-table.ts";
import { printable } from "../printable.ts";
import type { Results, VerdictRow } from "../results-schema.ts";
import { summarize } from "../summary.ts";
import { alignmentOf, type Table } from "../table.ts";
import { overviewTablesOf, tablesOf } from "../tables.ts";

const shownViolations = 5;

export interface TerminalStyle {
  readonly colour: boolean;
}

/** Colour only where somebody sees it and has not declined it (https://no-color.org). Pure. */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): TerminalStyle {
  return { colour: stream.isTTY === true && (environment.NO_COLOR ?? "") === "" };
}

/** All that a run found as text for a terminal. Pure. Control characters that came from a session are gone. */
export function renderTerminal(results: Results, style: TerminalStyle): string {
  return joined([
    ...tablesOf(results).map((table) => renderTable(table, style)),
    renderConclusion(results, style),
  ]);
}

/** The tables of what is known so far. Pure. */
export function renderOverview(results: Partial<Results>, style: TerminalStyle): string {
  return joined(overviewTablesOf(results).map((table) => renderTable(table, style)));
}

/** What stands below the tables: how to read them, what is wrong, and, last, what a reader takes away. Pure. */
export function renderConclusion(results: Results, style: TerminalStyle): string {
  const { verdicts, run } = results;
  return joined([
    run.command === "compare" ? renderTable(headlineTable(results), style) : "",
    titled("How to read this", verdicts.length > 0 ? legend : [], style),
    titled("What stayed unknown", unknownReasons({ verdicts }), style),
    titled("Violated guarantees", violationLines(verdicts), style),
    titled("Smallest plans that fail", smallestPlanSentences(results), style),
    titled("In short", summarize(results), style),
    `The same again: ${printable(commandLineOf(run))}`,
  ]);
}

function joined(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** One table with its title above and its note below. Pure. */
export function renderTable(table: Table, style: TerminalStyle): string {
  const drawing = new CliTable({
    head: table.headers.map(headOf),
    colAligns: table.headers.map((_header, column) => alignmentOf(column)),
    style: { head: [], border: [], compact: true },
  });
  drawing.push(...table.rows.map((row) => row.map((cell) => coloured(printable(cell), style))));
  const note = table.note === null ? [] : [printable(table.note)];
  return [heading(table.title, style), drawing.toString(), ...note].join("\n");
}

/** Target above mode, implementation above figure: tables grow in height before they grow in width. */
function headOf(header: string): string {
  return printable(header).replace(/[,:] /, "\n");
}

function violationLines(verdicts: readonly VerdictRow[]): readonly string[] {
  const violated = verdicts.filter((row) => row.guaranteed && row.verdict === "fail");
  return violated.flatMap((row) => {
    const shown = row.violations.slice(0, shownViolations);
    const where = `${row.invariant} on ${row.target}, ${row.mode}`;
    const hidden = row.violationCount - shown.length;
    return [
      ...shown.map(({ session, what }) => `${glyphs.fail} ${where}: session ${session}: ${what}`),
      ...(hidden > 0 ? [`${glyphs.fail} ${where}: ${hidden} more in results.json`] : []),
    ];
  });
}

function titled(title: string, items: readonly string[], style: TerminalStyle): string {
  return items.length === 0 ? "" : [heading(title, style), lines(items)].join("\n");
}

function lines(items: readonly string[]): string {
  return items.map(printable).join("\n");
}

function heading(title: string, { colour }: TerminalStyle): string {
  return colour ? styleText("bold", printable(title), { validateStream: false }) : printable(title);
}

/** A cell in the colour of the verdict that it opens with. */
function coloured(cell: string, { colour }: TerminalStyle): string {
  if (!colour) return cell;
  if (cell.startsWith(glyphs.pass)) return styleText("green", cell, { validateStream: false });
  if (cell.startsWith(glyphs.fail)) return styleText("red", cell, { validateStream: false });
  if (cell.startsWith(glyphs.unknown)) return styleText("yellow", cell, { validateStream: false });
  return cell;
}
