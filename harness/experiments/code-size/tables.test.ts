import { expect, test } from "vitest";
import { anotherStore, workArounds } from "./concerns.ts";
import { type CodeSizeRow, codeSizeRowSchemas } from "./rows.ts";
import { codeSizeFilesTable, codeSizeTable } from "./tables.ts";

const row: CodeSizeRow = {
  implementation: "a",
  file: "implementations/a/worker.ts",
  concern: "wiring",
  workAroundFor: null,
  codeLines: 10,
  commentLines: 1,
  statements: 7,
  gzipBytes: 100,
};

test("lines have their statements beside them, and no total has what another store needs", () => {
  const { headers, rows } = codeSizeTable({
    codeSize: [
      row,
      { ...row, concern: "timer", codeLines: 2, statements: 1 },
      { ...row, concern: anotherStore, codeLines: 50 },
      { ...row, implementation: "b", codeLines: 5, statements: 3 },
    ],
  });
  expect(headers).toEqual(["code lines (statements)", "a", "b"]);
  expect(rows).toEqual([
    ["timer", "2 (1)", ""],
    ["wiring", "10 (7)", "5 (3)"],
    ["total", "12 (8)", "5 (3)"],
    [`${anotherStore}, not in the total`, "50 (7)", ""],
    ["gzip bytes in total", "200", "100"],
  ]);
});

test("work-arounds are one concern, and the note says for what versions they are", () => {
  const codeSize = ["x 1.0", "y 2.0"].map((workAroundFor) => ({
    ...row,
    concern: workArounds,
    workAroundFor,
  }));
  const { rows, note } = codeSizeTable({ codeSize });
  expect(rows[0]).toEqual([workArounds, "20 (14)"]);
  expect(note).toMatch(/Work-arounds of a: x 1\.0, 10 \(7\); y 2\.0, 10 \(7\)\.$/);
  const concerns = codeSizeFilesTable({ codeSize }).rows.map(([, concern]) => concern);
  expect(concerns).toEqual(["work-around for x 1.0", "work-around for y 2.0"]);
});

test("a row of older results is read, and its concern keeps its name", () => {
  const { workAroundFor: _, ...older } = { ...row, concern: "plumbing" };
  const read = codeSizeRowSchemas.codeSize.parse(older);
  expect(read).toEqual({ ...older, workAroundFor: null });
  expect(codeSizeTable({ codeSize: [read, row] }).rows.slice(0, 2)).toEqual([
    ["wiring", "10 (7)"],
    ["plumbing", "10 (7)"],
  ]);
});
