/** The experiment `idle-scale`: many sleeping sessions, what each takes from its store, and how late they come due. */
import { type FigureRow, measured, plain } from "../../report/figure-row.ts";
import { bytes, milliseconds } from "../../report/numbers.ts";
import { type Experiment, profileNames } from "../experiment.ts";
import { latenessInBrief, sleepersInBrief } from "./brief.ts";
import { playIdleScale } from "./play.ts";
import { type IdleScaleRow, type IdleScaleRows, idleScaleRowSchemas } from "./rows.ts";
import {
  type IdleScaleFlags,
  type IdleScaleSettings,
  idleScaleSettingsFrom,
  idleScaleSettingsSchema,
} from "./settings.ts";
import { latenessTable, sleeperTable } from "./tables.ts";

export const idleScale: Experiment<IdleScaleRows, IdleScaleSettings, IdleScaleFlags> = {
  name: "idle-scale",
  summary: "many sleeping sessions: what each takes from its store, and how late they come due",
  flags: [
    {
      flag: "--sleepers <counts>",
      says: "sessions that sleep, such as 100,1000, each in both ways to come due (default: the profile's)",
      integer: [1, 1_000_000],
      isList: true,
    },
  ],
  shared: { profile: "standard", targets: true, durability: true, atOnce: false },
  inCompare: profileNames,
  injectsFaults: false,
  rows: idleScaleRowSchemas,
  settings: idleScaleSettingsSchema,
  settingsFrom: idleScaleSettingsFrom,
  play: { kind: "alone", parts: ({ targets }, settings) => [playIdleScale(targets, settings)] },
  overviews: (rows) => [sleeperTable(rows), latenessTable(rows)],
  brief: (rows) => [sleepersInBrief(rows), latenessInBrief(rows)],
  figures: ({ idleScale: rows }) => rows.flatMap(figuresOf),
  headline: [
    {
      what: (rows) => `store memory per idle session, among ${mostWeighedOf(rows)}`,
      of: (rows, target) => {
        const most = mostWeighedOf(rows);
        const row = weighed(rows).find((each) => each.target === target && each.sleepers === most);
        return row === undefined ? null : bytes(row.storeBytesPerSession);
      },
      decidesAs: "memory of an idle session",
    },
    {
      what: (rows) =>
        `timer lateness, ${fewestSpreadOf(rows)?.toLocaleString("en-US")} sessions due over 10 s, p99`,
      of: (rows, target) => {
        const fewest = fewestSpreadOf(rows);
        const row = spread(rows).find((each) => each.target === target && each.sleepers === fewest);
        return row === undefined ? null : milliseconds(row.latenessP99Ms);
      },
    },
  ],
};

function weighed({ idleScale: rows }: IdleScaleRows): readonly IdleScaleRow[] {
  return rows.filter((row) => row.storeBytesPerSession !== null);
}

function spread({ idleScale: rows }: IdleScaleRows): readonly IdleScaleRow[] {
  return rows.filter((row) => row.due === "spread over 10 s" && row.latenessP99Ms !== null);
}

/** The most sleepers that all targets were weighed with: of other numbers, memory does not compare. Null where none is common to all. */
function mostWeighedOf(rows: IdleScaleRows): number | null {
  const common = commonTo(weighed(rows));
  return common.length === 0 ? null : Math.max(...common);
}

/** The fewest sleepers that all targets were late with: of more, not the timer but the machine is measured. Null where none is common to all. */
function fewestSpreadOf(rows: IdleScaleRows): number | null {
  const common = commonTo(spread(rows));
  return common.length === 0 ? null : Math.min(...common);
}

/** The numbers of sleepers that every target of the rows has. */
function commonTo(rows: readonly IdleScaleRow[]): readonly number[] {
  const ofTargets = [...Map.groupBy(rows, ({ target }) => target).values()].map(
    (own) => new Set(own.map(({ sleepers }) => sleepers)),
  );
  const [first, ...others] = ofTargets;
  return [...(first ?? [])].filter((count) => others.every((counts) => counts.has(count)));
}

function figuresOf(row: IdleScaleRow): readonly FigureRow[] {
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
