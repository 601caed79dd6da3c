/** The experiment `cost`: what one session takes, by its number of activities. No fault, no witness and no hurry. */
import { counts, type FigureRow, measured } from "../../report/figure-row.ts";
import { notMeasured, significant } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import { type Experiment, profileNames } from "../experiment.ts";
import { playCost } from "./play.ts";
import { type CostRow, type CostRows, costRowSchemas } from "./rows.ts";
import { type CostFlags, type CostSettings, costSettingsFrom, costSettingsSchema } from "./settings.ts";
import { costGrowthTable, costTable, requestTables } from "./tables.ts";

export const cost: Experiment<CostRows, CostSettings, CostFlags> = {
  name: "cost",
  summary:
    "what one session takes: requests, round trips, bytes, CPU time, memory, by its number of activities",
  flags: [
    {
      flag: "--activities <counts>",
      says: "activities of a session, such as 1,20 (default: the profile's)",
      integer: [0, 10_000],
      isList: true,
    },
    {
      flag: "--sessions <count>",
      says: "sessions of each row (default: the profile's)",
      integer: [1, 100_000],
    },
  ],
  shared: { profile: "standard", targets: true, durability: true, atOnce: false },
  inCompare: profileNames,
  injectsFaults: false,
  rows: costRowSchemas,
  settings: costSettingsSchema,
  settingsFrom: costSettingsFrom,
  play: { kind: "alone", parts: ({ targets }, settings) => [playCost(targets, settings)] },
  overviews: (rows) => [costTable(rows), costGrowthTable(rows)],
  details: (rows) => requestTables(rows),
  brief: (rows) => [costInBrief(rows)],
  figures: ({ cost: rows }) => rows.flatMap(figuresOf),
  headline: [
    {
      what: () => "store round trips per session, fewest activities",
      of: (rows, target) => {
        const row = smallestOf(rows, target);
        return row === undefined ? null : significant(row.roundTripsPerSession);
      },
    },
    {
      what: () => "worker CPU per session",
      of: (rows, target) => {
        const row = smallestOf(rows, target);
        if (row === undefined) return null;
        const { workerCpuMsPerSession } = row;
        return workerCpuMsPerSession === null ? notMeasured : `${significant(workerCpuMsPerSession)} ms`;
      },
    },
  ],
};

/** The row of a target's sessions with the fewest activities. */
function smallestOf({ cost: rows }: CostRows, target: string): CostRow | undefined {
  return rows.filter((row) => row.target === target).toSorted((a, b) => a.activities - b.activities)[0];
}

/** Of sessions with the fewest activities that were measured, and with the most. */
function costInBrief({ cost: rows }: CostRows): Table {
  const sizes = rows.map(({ activities }) => activities);
  const ends = [Math.min(...sizes), Math.max(...sizes)];
  const table = costTable({ cost: rows.filter(({ activities }) => ends.includes(activities)) });
  const sessions = table.headers.indexOf("sessions"); // how many were measured is the same in every row
  return {
    ...table,
    title: "Cost of a session, in brief",
    headers: table.headers.toSpliced(sessions, 1),
    rows: table.rows.map((row) => row.toSpliced(sessions, 1)),
  };
}

function figuresOf(row: CostRow): readonly FigureRow[] {
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
    measured(place, "worker connections", row.workerConnections),
    measured(place, "client connections", row.clientConnections),
    ...counts(place, {
      ...Object.fromEntries(
        (row.requests ?? []).map(({ kind, perSession }) => [`requests per session: ${kind}`, perSession]),
      ),
      sessions: row.sessions,
    }),
  ];
}
