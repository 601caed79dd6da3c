/** A run for the person who waits at the terminal: the sentences, the tables, and what was violated. */
import { styleText } from "node:util";
import CliTable from "cli-table3";
import { commandLineOf } from "../command-line.ts";
import { glyphs } from "../numbers.ts";
import { printable } from "../printable.ts";
import type { Report } from "../report.ts";
import { alignmentOf, fitted, type Table } from "../table.ts";

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
export function renderTerminal(report: Report, style: TerminalStyle): string {
  const tables = [...report.overviews, ...report.details];
  return joined([...tables.map((table) => renderTable(table, style)), renderConclusion(report, style)]);
}

/** The tables of what is known so far. Pure. */
export function renderOverview({ overviews }: Pick<Report, "overviews">, style: TerminalStyle): string {
  return joined(overviews.map((table) => renderTable(table, style)));
}

/** What stands below the tables: how to read them, what is wrong, and, last, what a reader takes away. Pure. */
export function renderConclusion(report: Report, style: TerminalStyle): string {
  const { facts, headline, legend, unknown, violated, smallestPlans, sentences } = report;
  return joined([
    headline === null ? "" : renderTable(headline, style),
    titled("How to read this", legend, style),
    titled("What stayed unknown", unknown, style),
    titled("Violated guarantees", violationLines(violated), style),
    titled("Smallest plans that fail", smallestPlans, style),
    titled(
      "In short",
      sentences.map(({ text }) => text),
      style,
    ),
    `The same again: ${printable(commandLineOf(facts.run))}`,
  ]);
}

function joined(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== "").join("\n\n");
}

/** One table with its title above and its note below. Pure. */
export function renderTable(table: Table, style: TerminalStyle): string {
  const drawn = fitted(table);
  const drawing = new CliTable({
    head: drawn.headers.map(headOf),
    colAligns: drawn.headers.map((_header, column) => alignmentOf(column)),
    style: { head: [], border: [], compact: true },
  });
  const narrow = drawn === table ? (text: string) => text : headOf; // a figure a column: there are many
  drawing.push(...drawn.rows.map((row) => row.map((cell) => coloured(narrow(printable(cell)), style))));
  const note = table.note === null ? [] : [printable(table.note)];
  return [heading(table.title, style), drawing.toString(), ...note].join("\n");
}

/** Target above mode, implementation above figure: tables grow in height before they grow in width. */
function headOf(header: string): string {
  return printable(header).replace(/[,:] /, "\n");
}

function violationLines(violated: Report["violated"]): readonly string[] {
  return violated.flatMap(({ where, shown, hidden }) => {
    const listed = shown.slice(0, shownViolations);
    const left = hidden + shown.length - listed.length;
    return [
      ...listed.map(({ session, what }) => `${glyphs.fail} ${where}: session ${session}: ${what}`),
      ...(left > 0 ? [`${glyphs.fail} ${where}: ${left} more violations`] : []),
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
