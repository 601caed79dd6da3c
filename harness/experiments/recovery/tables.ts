/** How long sessions took to come back from the faults that interrupted them. */
import { milliseconds, notMeasured } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { RecoveryRow, RecoveryRows } from "./rows.ts";

export function recoveryTable({ recovery }: RecoveryRows): Table {
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
      leaseOf(row),
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

export function wakeTable({ wakes }: RecoveryRows): Table {
  return {
    title: "Lateness of wakes",
    headers: ["target and fault in the wait", "lease", "wakes", "p50", "p95", "p99", "max"],
    rows: wakes.map((row) => [
      `${row.target}, ${row.faultKind}`,
      leaseOf(row),
      String(row.wakes),
      milliseconds(row.p50Ms),
      milliseconds(row.p95Ms),
      milliseconds(row.p99Ms),
      milliseconds(row.maxMs),
    ]),
    note: "From when somebody could wake a session, at its deadline or at the end of the outage or pause over it, until its expire began. It is measured and not judged: timer-kept asks whether a clock was restarted or a wake was lost.",
  };
}

function leaseOf({ leaseMs, leaseIsDefault }: Pick<RecoveryRow, "leaseMs" | "leaseIsDefault">): string {
  return `${milliseconds(leaseMs)}${leaseIsDefault ? ", the default" : ""}`;
}
