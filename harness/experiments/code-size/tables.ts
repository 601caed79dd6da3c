/** How much code each architecture takes, side by side by concern, and file by file. */

import { notMeasured } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import { anotherStore, concernsIn, fromGroundFloor, workArounds } from "./concerns.ts";
import type { CodeSizeRow, CodeSizeRows, FootprintRow } from "./rows.ts";
import { codeSizeRule } from "./rule.ts";

type CodeSize = Pick<CodeSizeRows, "codeSize">;

/** A concern a row, an implementation a column: code lines, and statements in brackets. What is shared stays out of it. */
export function codeSizeTable({ codeSize }: CodeSize): Table {
  const own = codeSize.filter((row) => row.implementation !== "shared");
  const implementations = [...new Set(own.map((row) => row.implementation))];
  const summed = own.filter((row) => row.concern !== anotherStore);
  const beside = own.filter((row) => row.concern === anotherStore);
  const cells = (rows: readonly CodeSizeRow[], figure: (rows: readonly CodeSizeRow[]) => string | null) =>
    implementations.map(
      (implementation) => figure(rows.filter((row) => row.implementation === implementation)) ?? "",
    );
  const rows = [
    ...concernsIn(summed).map((concern) => [
      concern,
      ...cells(
        summed.filter((row) => row.concern === concern),
        linesAndStatements,
      ),
    ]),
    ["total", ...cells(summed, linesAndStatements)],
    ...(beside.length > 0
      ? [[`${anotherStore}, not in the total`, ...cells(beside, linesAndStatements)]]
      : []),
    ["gzip bytes in total", ...cells(summed, (mine) => String(sumOf(mine, "gzipBytes")))],
  ];
  return {
    title: "Code size by concern",
    headers: ["code lines (statements)", ...implementations],
    hasTargetsAcross: true,
    rows: implementations.length === 0 ? [] : rows,
    note: [codeSizeRule, ...workedAround(summed)].join(" "),
  };
}

/** The same for a page with little room. */
export function codeSizeInBrief(rows: CodeSize): Table {
  return { ...codeSizeTable(rows), title: "Code size, in brief", note: null };
}

/** The code lines of some rows, and their statements in brackets; null of none: what is not there is not code of size zero. */
export function linesAndStatements(rows: readonly CodeSizeRow[]): string | null {
  return rows.length === 0 ? null : `${sumOf(rows, "codeLines")} (${sumOf(rows, "statements")})`;
}

function sumOf(rows: readonly CodeSizeRow[], figure: "codeLines" | "statements" | "gzipBytes"): number {
  return rows.reduce((sum, row) => sum + row[figure], 0);
}

/** Whose defects each implementation works around, a sentence each. */
function workedAround(rows: readonly CodeSizeRow[]): readonly string[] {
  const implementations = [...new Set(rows.map(({ implementation }) => implementation))];
  return implementations.flatMap((implementation) => {
    const mine = rows.filter((row) => row.implementation === implementation);
    const versions = [...new Set(mine.flatMap(({ workAroundFor }) => workAroundFor ?? []))];
    const each = versions.map((version) => {
      const size = linesAndStatements(mine.filter(({ workAroundFor }) => workAroundFor === version));
      return `${version}, ${size}`;
    });
    return each.length === 0 ? [] : [`Work-arounds of ${implementation}: ${each.join("; ")}.`];
  });
}

/** What a part of a file is about, with the version that a work-around is for. */
export function concernOf({ concern, workAroundFor }: CodeSizeRow): string {
  return concern === workArounds && workAroundFor !== null ? `work-around for ${workAroundFor}` : concern;
}

/** The concern, and for whom it counts where the file's folder does not say that. */
function forWhom(row: CodeSizeRow): string {
  if (row.implementation === "shared") return `${row.concern} (shared)`;
  return row.concern === fromGroundFloor ? `${row.concern}, for ${row.implementation}` : concernOf(row);
}

/** Every counted file by its concerns, the shared ones included. */
export function codeSizeFilesTable({ codeSize }: CodeSize): Table {
  return {
    title: "Code size by file",
    headers: ["file", "concern", "code lines", "comment lines", "statements", "gzip bytes"],
    rows: codeSize.map((row) => [
      row.file,
      forWhom(row),
      ...[row.codeLines, row.commentLines, row.statements, row.gzipBytes].map(String),
    ]),
    note: null,
  };
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
        ({ implementation, services, packages, concepts, licences }) =>
          `${implementation}: services ${services.join(", ") || "none"}; packages ${packages.join(", ") || "none"}; concepts ${concepts.join(", ") || "none"}${licensed(licences)}.`,
      ),
    ].join(" "),
  };
}

function licensed(licences: FootprintRow["licences"]): string {
  const each = Object.entries(licences).map(([part, licence]) => `${part} ${licence}`);
  return each.length === 0 ? "" : `; licences ${each.join(", ")}`;
}
