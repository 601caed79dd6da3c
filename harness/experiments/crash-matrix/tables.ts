/** The crash matrix: one table for each target, a place of the lifecycle a row, a point and mode a column. */
import { glyphs } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import { isByTheBook } from "../../report/target-name.ts";
import { crashPointsNamed } from "./crash-points.ts";
import type { CrashMatrixRow, CrashMatrixRows } from "./rows.ts";

/** The row of the last crash point. */
const completion = "completion";

const modes = ["idempotent", "naive"] as const;

const columns = modes.flatMap((mode) => [
  { mode, header: `${mode}: before, early`, points: ["before", "early"] },
  { mode, header: `${mode}: after, late`, points: ["after", "late"] },
]);

export function crashMatrixTables({ crashMatrix }: CrashMatrixRows): readonly Table[] {
  return [...Map.groupBy(crashMatrix, (row) => row.target)].map(([target, cells]) => ({
    title: `Crash matrix of ${target}`,
    headers: ["killed at", ...columns.map(({ header }) => header)],
    rows: [
      ...[...new Set(cells.map((cell) => cell.step))].map((step) => [
        step,
        ...columns.map(({ mode, points }) =>
          cellOf(
            cells.find((cell) => cell.step === step && cell.mode === mode && points.includes(cell.point)),
          ),
        ),
      ]),
      ...(lacksHook(cells) ? [[completion, ...columns.map(() => "not measurable")]] : []),
    ],
    note:
      "✓ 1 in 1.2 s: the session finished, the effect landed once, and the next sign of life came 1.2 s after the kill. " +
      "✓ 2×: it landed twice, which a naive session may. ✗: something was lost, or a guarantee broken. ?: the crash did not " +
      "happen. The wait's row counts landings of expire, completion's those of the audit row. Not measurable: no hook of the worker sees " +
      "the request that stores the end.",
  }));
}

/** Whether everything was played but what needs the engine's hook. */
function lacksHook(cells: readonly CrashMatrixRow[]): boolean {
  const played = new Set(cells.map(({ step }) => step));
  return crashPointsNamed().every(({ row }) => played.has(row) !== (row === completion));
}

/** The crash points at which an engine by the book lost something, idempotent and naive. Pure. */
export function lostByTheBook({ crashMatrix }: CrashMatrixRows): Table {
  const books = crashMatrix.filter(({ target }) => isByTheBook(target));
  const targets = [...new Set(books.map(({ target }) => target))];
  const placeOf = ({ step, point }: CrashMatrixRow) => (step === point ? step : `${step}/${point}`);
  const lost = new Set(books.filter(({ verdict }) => verdict === "fail").map(placeOf));
  const headers = targets.flatMap((target) => modes.map((mode) => `${target}, ${mode}`));
  return {
    title: "By the book in the crash matrix",
    headers: ["killed at", ...headers],
    rows: [...lost].map((place) => [
      place,
      ...targets.flatMap((target) =>
        modes.map((mode) =>
          cellOf(books.find((row) => row.target === target && row.mode === mode && placeOf(row) === place)),
        ),
      ),
    ]),
    note: "Crash points at which an engine loses something when it is used as its documentation has it. The hardened implementations are in the tables of their own.",
  };
}

function cellOf(cell: CrashMatrixRow | undefined): string {
  if (cell === undefined) return "";
  const landed = cell.landed > 1 ? `${cell.landed}×` : String(cell.landed);
  const recovered = cell.recoveredMs === null ? "" : ` in ${(cell.recoveredMs / 1000).toFixed(1)} s`;
  return `${glyphs[cell.verdict]} ${landed}${recovered}`;
}
