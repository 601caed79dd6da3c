/** The experiment `load`: sessions/s and latency at rising concurrency, without any fault. */
import { counts, estimated, type FigureRow, measured, percentiles } from "../../report/figure-row.ts";
import { estimateRange, milliseconds } from "../../report/numbers.ts";
import { type Experiment, profileNames } from "../experiment.ts";
import { boundSentence, boundTable } from "./bounds.ts";
import { loadInBrief } from "./brief.ts";
import { loadParts } from "./play.ts";
import {
  type LoadBoundRow,
  type LoadRatioRow,
  type LoadRow,
  type LoadRows,
  type LoadTunedRow,
  loadRowSchemas,
} from "./rows.ts";
import {
  type LoadFlags,
  type LoadSettings,
  loadFlags,
  loadSettingsFrom,
  loadSettingsSchema,
} from "./settings.ts";
import {
  latencyTable,
  loadAaTable,
  loadLeftOutTable,
  loadRatioTable,
  loadTable,
  loadTunedTable,
} from "./tables.ts";

export const load: Experiment<LoadRows, LoadSettings, LoadFlags> = {
  name: "load",
  summary: "sessions/s and latency at rising concurrency, fault-free, targets in turns",
  flags: loadFlags,
  shared: { profile: "standard", targets: true, durability: true, atOnce: false },
  inCompare: profileNames,
  injectsFaults: false,
  rows: loadRowSchemas,
  settings: loadSettingsSchema,
  settingsFrom: loadSettingsFrom,
  play: { kind: "alone", parts: ({ targets }, settings) => loadParts(targets, settings) },
  overviews: (rows) => [
    loadTable(rows),
    loadRatioTable(rows),
    loadAaTable(rows),
    latencyTable(rows),
    boundTable(rows),
    loadTunedTable(rows),
    loadLeftOutTable(rows),
  ],
  brief: (rows) => [loadInBrief(rows)],
  figures: ({ load: rows, loadRatios, loadAa, loadTuned, loadBounds }) => [
    ...rows.flatMap(ofLoad),
    ...loadRatios.map(ofRatio),
    ...loadAa.map((row) => ofRatio({ ...row, against: row.target, world: "no-op" })),
    ...loadTuned.map(ofTuned),
    ...loadBounds.flatMap(ofBound),
  ],
  sentences: ({ loadBounds }) => loadBounds.map(boundSentence),
  headline: [
    {
      what: () => "peak throughput, sessions/s (95 % CI)",
      of: (rows, target) => {
        const own = unwitnessed(rows, target).filter(({ clients }) => clients !== null);
        const [best] = own.toSorted((a, b) => b.sessionsPerSecond.value - a.sessionsPerSecond.value);
        return best === undefined ? null : estimateRange(best.sessionsPerSecond);
      },
      decidesAs: "peak sessions/s",
      isForGuests: true,
    },
    {
      what: () => "single-session latency, p50",
      of: (rows, target) => {
        const row = unwitnessed(rows, target).find(({ clients }) => clients === 1);
        return row === undefined ? null : milliseconds(row.p50Ms);
      },
    },
  ],
};

function unwitnessed({ load: rows }: LoadRows, target: string): readonly LoadRow[] {
  return rows.filter((row) => row.target === target && row.work === "lifecycle" && row.world === "no-op");
}

function ofLoad(row: LoadRow): readonly FigureRow[] {
  const { target, work, world, clients, ratePerSecond, workers } = row;
  // A fixed rate follows from what the run measured: two runs have the same one by chance, and else nothing in common.
  const rate = row.shareOfPeak == null ? `${ratePerSecond} per second` : `${row.shareOfPeak} of its peak`;
  const pace = clients === null ? rate : `clients ${clients}`;
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

function ofTuned({ target, tuned, clients, workers, ratio }: LoadTunedRow): FigureRow {
  const turned = tuned.slice(`${target}, `.length);
  const subject = `${turned}, clients ${clients}, workers ${workers}`;
  const place = { experiment: "load", target, mode: null, subject };
  return estimated(place, "sessions per second ÷ untuned", ratio, "ratio");
}

function ofBound(row: LoadBoundRow): readonly FigureRow[] {
  const { target, clients, workers } = row;
  const place = { experiment: "load", target, mode: null, subject: `clients ${clients}, workers ${workers}` };
  return [
    measured(place, "processors busy with workers", row.workerProcessors),
    measured(place, "processors busy with the store", row.storeProcessors),
    measured(place, "processors busy with the client", row.clientProcessors),
    measured(place, "requests that the store answers alone", row.requestsAlone, "1/s"),
    measured(place, "sessions that these would be", row.limit, "1/s"),
    measured(place, "share of that limit", row.shareOfLimit, "share"),
  ];
}

function ofRatio(row: Omit<LoadRatioRow, "pairs" | "warnings">): FigureRow {
  const { target, against, world, clients, workers } = row;
  const subject = `against ${against}, world ${world}, clients ${clients}, workers ${workers}`;
  return estimated(
    { experiment: "load", target, mode: null, subject },
    "sessions per second, ratio",
    row.ratio,
    "ratio",
  );
}
