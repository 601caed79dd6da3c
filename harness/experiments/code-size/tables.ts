/** How much code each architecture takes, side by side by concern, and file by file. */

import { notMeasured } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { CodeSizeRow, CodeSizeRows } from "./rows.ts";
import { codeSizeRule } from "./rule.ts";

/** The concern of what an implementation needs for another store than the one that it is compared on by default. No sum has it in it. */
export const anotherStore = "another store";

/** A concern a row; lines, statements and bytes of each implementation as columns. What is shared stays out of it. */
export function codeSizeTable({ codeSize }: Pick<CodeSizeRows, "codeSize">): Table {
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
export function codeSizeFilesTable({ codeSize }: Pick<CodeSizeRows, "codeSize">): Table {
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

/** An implementation a row; what the numbers stand for is named below. */
export function footprintTable({ footprint }: Pick<CodeSizeRows, "footprint">): Table {
  return {
    title: "What it takes beside the code",
    headers: ["implementation", "services", "direct packages", "packages in all", "concepts"],
    rows: footprint.map((row) => [
      row.implementation,
      String(row.services.length),
      String(row.packages.length),
      String(row.packagesInAll ?? notMeasured),
      String(row.concepts.length),
    ]),
    note: [
      "Services are processes to run beside the workers; concepts, what the code uses of the engine, or builds on it, by a name that a reader must know.",
      ...footprint.map(
        ({ implementation, services, packages, concepts }) =>
          `${implementation}: services ${services.join(", ") || "none"}; packages ${packages.join(", ") || "none"}; concepts ${concepts.join(", ") || "none"}.`,
      ),
    ].join(" "),
  };
}
