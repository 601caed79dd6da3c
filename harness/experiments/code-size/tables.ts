/** How much code each architecture takes, side by side by concern, and file by file. */

import type { CodeSizeRow, Results } from "../../report/results-schema.ts";
import type { Table } from "../../report/table.ts";
import { codeSizeRule } from "./rule.ts";

/** The concern of what an implementation needs for another store than the one that it is compared on by default. No sum has it in it. */
export const anotherStore = "another store";

/** A concern a row; lines, statements and bytes of each implementation as columns. What is shared stays out of it. */
export function codeSizeTable({ codeSize }: Pick<Results, "codeSize">): Table {
  const own = codeSize.filter((row) => row.implementation !== "shared");
  const implementations = [...new Set(own.map((row) => row.implementation))];
  const summed = own.filter((row) => row.concern !== anotherStore);
  const besides = own.filter((row) => row.concern === anotherStore);
  const concerns = [...new Set(summed.map((row) => row.concern))];
  const cells = (rows: readonly CodeSizeRow[]) =>
    implementations.flatMap((implementation) =>
      figuresOf(rows.filter((row) => row.implementation === implementation)),
    );
  return {
    title: "Code size by concern",
    headers: [
      "concern",
      ...implementations.flatMap((name) => [`${name}: code lines`, "statements", "gzip bytes"]),
    ],
    rows: [
      ...concerns.map((concern) => [concern, ...cells(own.filter((row) => row.concern === concern))]),
      ["total", ...cells(summed)],
      ...(besides.length > 0 ? [[`${anotherStore}, not in the total`, ...cells(besides)]] : []),
    ],
    note: codeSizeRule,
  };
}

/** Every counted file, the shared ones included. */
export function codeSizeFilesTable({ codeSize }: Pick<Results, "codeSize">): Table {
  return {
    title: "Code size by file",
    headers: ["file", "concern", "code lines", "comment lines", "statements", "gzip bytes"],
    rows: codeSize.map((row) => [
      row.file,
      row.implementation === "shared" ? `${row.concern} (shared)` : row.concern,
      ...[row.codeLines, row.commentLines, row.statements, row.gzipBytes].map(String),
    ]),
    note: null,
  };
}

/** Blank where an implementation has no such concern: it is not code of size zero. */
function figuresOf(rows: readonly CodeSizeRow[]): readonly string[] {
  if (rows.length === 0) return ["", "", ""];
  const sum = (pick: (row: CodeSizeRow) => number) =>
    String(rows.reduce((total, row) => total + pick(row), 0));
  return [sum((row) => row.codeLines), sum((row) => row.statements), sum((row) => row.gzipBytes)];
}
