/** What was done to the processes, and whom it really hit. */
import type { Table } from "../../report/table.ts";
import type { ChaosRows, FaultRow } from "./rows.ts";

/** Faults by target and kind. */
export function faultTable({ faults }: Pick<ChaosRows, "faults">): Table {
  const groups = Map.groupBy(faults, (row) => `${row.target}, ${row.kind}`);
  return {
    title: "Faults",
    headers: ["target and fault", "injected", "effective", "sessions interrupted", "sessions left waiting"],
    rows: [...groups].map(([name, rows]) => [
      name,
      String(rows.length),
      String(rows.filter((row) => row.effective).length),
      String(sumOf(rows, (row) => row.interrupted)),
      String(sumOf(rows, (row) => row.leftWaiting)),
    ]),
    note: "A fault that hit no session is not effective and proves nothing. Effective without interrupting anybody are those that put something else to the test: a worker that is told to leave while it holds work, callers that race, a client that is cut off while its callers wait.",
  };
}

function sumOf(rows: readonly FaultRow[], pick: (row: FaultRow) => number): number {
  return rows.reduce((sum, row) => sum + pick(row), 0);
}
