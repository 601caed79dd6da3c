/** A table as the text that a reader takes elsewhere. Pure. */
import { markdownTable } from "markdown-table";
import { markdownText } from "../printable.ts";
import { alignmentOf, type Table } from "../table.ts";

export function tableAsMarkdown({ headers, rows }: Pick<Table, "headers" | "rows">): string {
  const cells = [headers, ...rows].map((row) => row.map(markdownText));
  return markdownTable(cells, { align: headers.map((_header, column) => alignmentOf(column)) });
}

/** RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
export function tableAsCsv({ headers, rows }: Pick<Table, "headers" | "rows">): string {
  return [headers, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  const isNumber = text !== "" && Number.isFinite(Number(text));
  const harmless = /^[=+\-@\t\r]/.test(text) && !isNumber ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
