/** What was done to the processes, and whom it really hit. */
import { notMeasured } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { ChaosRows, FaultRow } from "./rows.ts";

/** Faults by target and kind. */
export function faultTable({ faults }: Pick<ChaosRows, "faults">): Table {
  const groups = Map.groupBy(faults, (row) => `${row.target}, ${row.kind}`);
  return {
    title: "Faults",
    headers: [
      "target and fault",
      "injected",
      "effective",
      "hits at work",
      "hits in the wait",
      "killed for not leaving in time",
    ],
    rows: [...groups].map(([name, rows]) => [
      name,
      String(rows.length),
      String(rows.filter((row) => row.effective).length),
      String(sumOf(rows, (row) => row.interrupted)),
      String(sumOf(rows, (row) => row.leftWaiting)),
      rows.every(({ overstayed }) => overstayed === null)
        ? notMeasured
        : String(sumOf(rows, (row) => row.overstayed ?? 0)),
    ]),
    note: "A hit is a session that a fault interrupted, or left waiting without any worker or store: one that several faults hit counts for each. A fault that hit no session is not effective and proves nothing. Effective without interrupting anybody are those that put something else to the test: a worker that is told to leave while it holds work, callers that race, a client that is cut off while its callers wait.",
  };
}

function sumOf(rows: readonly FaultRow[], pick: (row: FaultRow) => number): number {
  return rows.reduce((sum, row) => sum + pick(row), 0);
}
