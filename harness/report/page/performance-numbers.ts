/** The numbers behind the charts of what each side costs. Pure. */
import { notMeasured } from "../figures.ts";
import type { CostRow, Estimate, IdleScaleRow, LoadRatioRow, LoadRow } from "../performance-schema.ts";
import type { Table } from "../table.ts";

function measured(value: number | null, digits = 0): string {
  return value === null ? notMeasured : value.toFixed(digits);
}

function interval({ low95, high95 }: Estimate, digits: number): string {
  return `${low95.toFixed(digits)}–${high95.toFixed(digits)}`;
}

export function loadTable(rows: readonly LoadRow[]): Table {
  return {
    title: "Load",
    headers: [
      "target",
      "work",
      "world",
      "clients or rate",
      "workers",
      "rounds",
      "per second",
      "95 % interval",
      "share of ceiling",
      "p50",
      "p95",
      "p99",
      "max",
    ],
    rows: rows.map((row) => [
      row.target,
      row.work,
      row.world,
      row.clients === null ? `${measured(row.ratePerSecond, 1)}/s` : String(row.clients),
      ...[row.workers, row.rounds].map(String),
      row.sessionsPerSecond.value.toFixed(1),
      interval(row.sessionsPerSecond, 1),
      row.shareOfCeiling === null ? notMeasured : `${(row.shareOfCeiling * 100).toFixed(0)} %`,
      ...[row.p50Ms, row.p95Ms, row.p99Ms, row.maxMs].map((ms) =>
        ms === null ? notMeasured : `${ms.toFixed(0)} ms`,
      ),
    ]),
    note: "Per second: whole sessions, or, of the engine's ceiling, units of its least work. The ceiling's share compares requests per second.",
  };
}

export function loadRatioTable(rows: readonly LoadRatioRow[]): Table {
  return {
    title: "Throughput compared",
    headers: [
      "target",
      "against",
      "world",
      "clients",
      "workers",
      "pairs of rounds",
      "ratio",
      "95 % interval",
      "warnings",
    ],
    rows: rows.map((row) => [
      row.target,
      row.against,
      row.world,
      ...[row.clients, row.workers, row.pairs].map(String),
      row.ratio.value.toFixed(2),
      interval(row.ratio, 2),
      row.warnings.join(", "),
    ]),
    note: null,
  };
}

export function idleScaleTable(rows: readonly IdleScaleRow[]): Table {
  return {
    title: "Sleepers",
    headers: [
      "target",
      "sleepers",
      "due",
      "built in",
      "store, bytes each",
      "disk, bytes each",
      "store CPU, ms/s",
      "worker CPU, ms/s",
      "late p50, ms",
      "p99, ms",
      "max, ms",
      "stopped",
    ],
    rows: rows.map((row) => [
      row.target,
      String(row.sleepers),
      row.due,
      row.buildMs === null ? notMeasured : `${(row.buildMs / 1000).toFixed(1)} s`,
      measured(row.storeBytesPerSession),
      measured(row.diskBytesPerSession),
      measured(row.storeCpuMsPerSecond, 1),
      measured(row.workerCpuMsPerSecond, 1),
      measured(row.latenessP50Ms),
      measured(row.latenessP99Ms),
      measured(row.latenessMaxMs),
      row.stopped ?? "",
    ]),
    note: null,
  };
}

export function costTable(rows: readonly CostRow[]): Table {
  return {
    title: "Cost of a session",
    headers: [
      "target",
      "activities",
      "sessions",
      "round trips",
      "wire, bytes",
      "disk, bytes",
      "worker CPU, ms",
      "store CPU, ms",
      "worker peak, MiB",
      "store peak, MiB",
    ],
    rows: rows.map((row) => [
      row.target,
      String(row.activities),
      String(row.sessions),
      measured(row.roundTripsPerSession, 1),
      measured(row.wireBytesPerSession),
      measured(row.diskBytesPerSession),
      measured(row.workerCpuMsPerSession, 2),
      measured(row.storeCpuMsPerSession, 2),
      ...[row.workerPeakBytes, row.storePeakBytes].map((bytes) =>
        measured(bytes === null ? null : bytes / 1024 ** 2, 1),
      ),
    ]),
    note: "All but the peaks are per session.",
  };
}
