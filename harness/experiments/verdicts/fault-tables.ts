/** What the faults did and how long sessions took to come back from them. */
import { milliseconds, notMeasured } from "../../report/numbers.ts";
import type { Results } from "../../report/results-schema.ts";
import type { Table } from "../../report/table.ts";

type FaultRow = Results["faults"][number];

/** Faults by target and kind. */
export function faultTable({ faults }: Pick<Results, "faults">): Table {
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

export function recoveryTable({ recovery }: Pick<Results, "recovery">): Table {
  return {
    title: "Recovery",
    headers: [
      "target and fault",
      "lease",
      "intervals",
      "censored",
      "p50",
      "p95",
      "p99",
      "max",
      "p99 in leases",
    ],
    rows: recovery.map((row) => [
      `${row.target}, ${row.faultKind}`,
      `${milliseconds(row.leaseMs)}${row.leaseIsDefault ? ", the default" : ""}`,
      String(row.intervals),
      String(row.censored),
      milliseconds(row.p50Ms),
      milliseconds(row.p95Ms),
      milliseconds(row.p99Ms),
      milliseconds(row.maxMs),
      row.p99Ms === null ? notMeasured : (row.p99Ms / row.leaseMs).toFixed(2),
    ]),
    note: "From the fault to the next execution of each interrupted session. Censored, and left out of the percentiles: intervals in which another fault left nobody, and sessions that never came back. A kill-all counts the time in which nobody is there.",
  };
}
