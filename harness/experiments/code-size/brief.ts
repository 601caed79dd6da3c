/** Code lines by concern for a page with little room, and of the other two figures the sums: an implementation a column. */
import type { Table } from "../../report/table.ts";
import type { CodeSizeRow, CodeSizeRows } from "./rows.ts";
import { anotherStore } from "./tables.ts";

export function codeSizeInBrief({ codeSize }: Pick<CodeSizeRows, "codeSize">): Table {
  const own = codeSize.filter(({ implementation }) => implementation !== "shared");
  const implementations = [...new Set(own.map(({ implementation }) => implementation))];
  const summed = own.filter(({ concern }) => concern !== anotherStore);
  const concerns = [...new Set(summed.map(({ concern }) => concern))];
  /** Blank where an implementation has nothing of it: it is not code of size zero. */
  const cells = (rows: readonly CodeSizeRow[], figure: "codeLines" | "statements" | "gzipBytes") =>
    implementations.map((implementation) => {
      const mine = rows.filter((row) => row.implementation === implementation);
      return mine.length === 0 ? "" : String(mine.reduce((sum, row) => sum + row[figure], 0));
    });
  const beside = own.filter(({ concern }) => concern === anotherStore);
  return {
    title: "Code size, in brief",
    headers: ["code lines by concern", ...implementations],
    rows:
      implementations.length === 0
        ? []
        : [
            ...concerns.map((concern) => [
              concern,
              ...cells(
                summed.filter((row) => row.concern === concern),
                "codeLines",
              ),
            ]),
            ["total", ...cells(summed, "codeLines")],
            ...(beside.length > 0
              ? [[`${anotherStore}, not in the total`, ...cells(beside, "codeLines")]]
              : []),
            ["statements in total", ...cells(summed, "statements")],
            ["gzip bytes in total", ...cells(summed, "gzipBytes")],
          ],
    note: null,
  };
}
