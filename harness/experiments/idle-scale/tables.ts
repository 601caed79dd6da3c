/** Many sleeping sessions: what they take while they sleep, and how late they wake. */
import { bytes, milliseconds, notMeasured, seconds, significant } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { IdleScaleRow, IdleScaleRows } from "./rows.ts";

export function sleeperTable({ idleScale }: IdleScaleRows): Table {
  return {
    title: "Sleepers",
    headers: [
      "target and sleepers",
      "due",
      "time to build",
      "store memory each",
      "disk each",
      "store CPU",
      "worker CPU",
    ],
    rows: idleScale.map((row) => [
      nameOf(row),
      row.due,
      row.buildMs === null ? notMeasured : seconds(row.buildMs),
      bytes(row.storeBytesPerSession),
      bytes(row.diskBytesPerSession),
      perSecond(row.storeCpuMsPerSecond),
      perSecond(row.workerCpuMsPerSecond),
    ]),
    note:
      "Time to build: from the first start until the last session sleeps, bounded by how fast the target starts sessions. Memory is by how much " +
      "the store's processes grew, per session. CPU while all of them sleep and nothing is due: 10 ms/s are 1 % of one core.",
  };
}

export function latenessTable({ idleScale }: IdleScaleRows): Table {
  const stopped = idleScale.filter((row) => row.stopped !== null);
  return {
    title: "Sleepers that wake",
    headers: ["target and sleepers", "due", "lateness: p50", "p99", "max"],
    rows: idleScale.map((row) => [
      nameOf(row),
      row.due,
      ...[row.latenessP50Ms, row.latenessP99Ms, row.latenessMaxMs].map(milliseconds),
    ]),
    note: [
      "How much later than its deadline a session's expire landed. All at once is bounded by sessions per second, not by the timer: the last " +
        "of them waits for all others.",
      ...stopped.map((row) => `${nameOf(row)}, ${row.due}, was stopped: ${row.stopped}.`),
    ].join(" "),
  };
}

function nameOf({ target, sleepers }: IdleScaleRow): string {
  return `${target}, ${sleepers}`;
}

function perSecond(value: number | null): string {
  return value === null ? notMeasured : `${significant(value)} ms/s`;
}
