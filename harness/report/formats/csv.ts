/** `results.csv`: every figure a row, for a spreadsheet; the run stands in each row, so that several files can be put together. */
import { stringify } from "csv-stringify/sync";
import type { FigureRow } from "../figure-row.ts";
import { printable } from "../printable.ts";
import type { Report } from "../report.ts";

const columns = [
  ...["kind", "experiment", "target", "mode", "subject", "figure", "value", "unit", "low95", "high95"],
  ...["command", "seed", "startedAt", "commit"],
];

/** The whole file, as RFC 4180 has it but for the line ends. Pure. No cell with text is one that a spreadsheet would compute. */
export function renderCsv({ facts, figures }: Pick<Report, "facts" | "figures">): string {
  const { command, seed, startedAt, commit } = facts.run;
  const rows = figures.map((row) => [...cellsOf(row), command, seed, startedAt, commit]);
  return stringify(rows, {
    header: true,
    columns,
    escape_formulas: true,
    cast: {
      string: harmless,
      // A number may be negative and is no formula.
      number: (value) => ({ value: String(value), escape_formulas: false }),
    },
  });
}

function cellsOf({ kind, experiment, target, mode, subject, figure, value, unit, interval95 }: FigureRow) {
  const [low95, high95] = interval95 ?? [null, null];
  return [kind, experiment, target, mode, subject, figure, value, unit, low95, high95];
}

/**
 * Text on one line. What starts a formula is disarmed by the library at the start of a cell, and here behind a character
 * that some spreadsheets take for the end of one (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function harmless(text: string): string {
  return printable(text)
    .trim()
    .replace(/([;,|"]\s*)(?=[=+\-@])/g, "$1'");
}
