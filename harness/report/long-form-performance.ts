/** What depends on the machine, in the long form: recovery, durability, load, sleepers and the cost of a session. */
import { counts, type FigureRow, type Place, plain } from "./figure-row.ts";
import type { CostRow, Estimate, IdleScaleRow, LoadRatioRow, LoadRow } from "./performance-schema.ts";
import type { DurabilityRow, RecoveryRow, Results } from "./results-schema.ts";

type Performance = Pick<Results, "recovery" | "durability" | "load" | "loadRatios" | "idleScale" | "cost">;

/** Pure. */
export function performanceFigures(results: Performance): readonly FigureRow[] {
  return [
    ...results.recovery.flatMap(ofRecovery),
    ...results.durability.flatMap(ofDurability),
    ...results.load.flatMap(ofLoad),
    ...results.loadRatios.map(ofRatio),
    ...results.idleScale.flatMap(ofSleepers),
    ...results.cost.flatMap(ofCost),
  ];
}

function measured(
  place: Place,
  figure: string,
  value: number | null,
  unit: FigureRow["unit"] = "",
): FigureRow {
  return { ...plain(place, "performance", figure, value), unit };
}

function estimated(place: Place, figure: string, estimate: Estimate, unit: FigureRow["unit"]): FigureRow {
  const { value, low95, high95 } = estimate;
  return { ...measured(place, figure, value, unit), interval95: [low95, high95] };
}

/** A row of percentiles, from one sample and so without an interval. */
function percentiles(
  place: Place,
  row: Readonly<Record<"p50Ms" | "p95Ms" | "p99Ms" | "maxMs", number | null>>,
): readonly FigureRow[] {
  return [
    measured(place, "p50", row.p50Ms, "ms"),
    measured(place, "p95", row.p95Ms, "ms"),
    measured(place, "p99", row.p99Ms, "ms"),
    measured(place, "max", row.maxMs, "ms"),
  ];
}

function ofRecovery(row: RecoveryRow): readonly FigureRow[] {
  const subject = `${row.faultKind}, lease ${row.leaseMs} ms`;
  const place = { experiment: "recovery", target: row.target, mode: null, subject };
  return [...percentiles(place, row), ...counts(place, { intervals: row.intervals, censored: row.censored })];
}

function ofDurability(row: DurabilityRow): readonly FigureRow[] {
  const place = { experiment: "durability", target: row.target, mode: null, subject: row.durability };
  return [
    measured(place, "syncs per session", row.syncsPerSession),
    measured(place, "sessions per second, slowest round", row.slowest, "1/s"),
    measured(place, "sessions per second, median round", row.median, "1/s"),
    measured(place, "sessions per second, fastest round", row.fastest, "1/s"),
  ];
}

function ofLoad(row: LoadRow): readonly FigureRow[] {
  const { target, work, world, clients, ratePerSecond, workers } = row;
  // A fixed rate follows from what the run measured: two runs have the same one by chance, and else nothing in common.
  const pace = clients === null ? `${ratePerSecond} per second` : `clients ${clients}`;
  const subject = `${work}, world ${world}, ${pace}, workers ${workers}`;
  const place = { experiment: "load", target, mode: null, subject };
  return [
    estimated(place, "sessions per second", row.sessionsPerSecond, "1/s"),
    measured(place, "steps per second", row.stepsPerSecond, "1/s"),
    measured(place, "requests per session", row.requestsPerSession),
    measured(place, "share of the ceiling", row.shareOfCeiling, "share"),
    ...percentiles(place, row),
    ...counts(place, { rounds: row.rounds, sessions: row.sessions }),
  ];
}

function ofRatio(row: LoadRatioRow): FigureRow {
  const { target, against, world, clients, workers } = row;
  const subject = `against ${against}, world ${world}, clients ${clients}, workers ${workers}`;
  return estimated(
    { experiment: "load", target, mode: null, subject },
    "sessions per second, ratio",
    row.ratio,
    "ratio",
  );
}

function ofSleepers(row: IdleScaleRow): readonly FigureRow[] {
  const { target, sleepers, due } = row;
  const place = { experiment: "idle-scale", target, mode: null, subject: `${sleepers} sleepers, ${due}` };
  return [
    measured(place, "time to build", row.buildMs, "ms"),
    measured(place, "store memory per session", row.storeBytesPerSession, "bytes"),
    measured(place, "disk per session", row.diskBytesPerSession, "bytes"),
    measured(place, "store CPU", row.storeCpuMsPerSecond, "ms/s"),
    measured(place, "worker CPU", row.workerCpuMsPerSecond, "ms/s"),
    measured(place, "lateness p50", row.latenessP50Ms, "ms"),
    measured(place, "lateness p99", row.latenessP99Ms, "ms"),
    measured(place, "lateness max", row.latenessMaxMs, "ms"),
    ...(row.stopped === null ? [] : [plain(place, "text", "stopped", row.stopped)]),
  ];
}

function ofCost(row: CostRow): readonly FigureRow[] {
  const subject = `${row.activities} activities`;
  const place = { experiment: "cost", target: row.target, mode: null, subject };
  return [
    measured(place, "round trips per session", row.roundTripsPerSession),
    measured(place, "wire per session", row.wireBytesPerSession, "bytes"),
    measured(place, "disk per session", row.diskBytesPerSession, "bytes"),
    measured(place, "worker CPU per session", row.workerCpuMsPerSession, "ms"),
    measured(place, "store CPU per session", row.storeCpuMsPerSession, "ms"),
    measured(place, "worker memory, peak", row.workerPeakBytes, "bytes"),
    measured(place, "store memory, peak", row.storePeakBytes, "bytes"),
    ...counts(place, {
      ...Object.fromEntries(
        (row.requests ?? []).map(({ kind, perSession }) => [`requests per session: ${kind}`, perSession]),
      ),
      sessions: row.sessions,
    }),
  ];
}
