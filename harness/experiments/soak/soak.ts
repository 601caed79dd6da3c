/** The experiment `soak`: more than a target can carry, and half of it for long, while its workers die. */
import { counts, estimated, type FigureRow, measured, percentiles, plain } from "../../report/figure-row.ts";
import type { Experiment } from "../experiment.ts";
import { playSoak } from "./play.ts";
import { type GrowthRow, type OverloadRow, type SoakRow, type SoakRows, soakRowSchemas } from "./rows.ts";
import {
  type SoakFlags,
  type SoakSettings,
  soakFlags,
  soakSettingsFrom,
  soakSettingsSchema,
} from "./settings.ts";
import { growthTable, isOfBytes, minuteTable, overloadTable, soakTable } from "./tables.ts";

export const soak: Experiment<SoakRows, SoakSettings, SoakFlags> = {
  name: "soak",
  summary:
    "more sessions than a target carries, and how long until they are done; then half of that for 20 minutes, with a kill a minute: what grows",
  flags: soakFlags,
  shared: { profile: "standard", targets: true, durability: true, atOnce: false },
  inCompare: [],
  isNamedInCompare: true,
  injectsFaults: false, // its kills are part of the load: what they do to sessions is judged by others
  rows: soakRowSchemas,
  settings: soakSettingsSchema,
  settingsFrom: soakSettingsFrom,
  play: {
    kind: "alone",
    parts: ({ targets }, settings) => targets.map((target) => playSoak(target, settings)),
  },
  overviews: (rows) => [overloadTable(rows), soakTable(rows), growthTable(rows)],
  details: (rows) => [minuteTable(rows)],
  figures: ({ overload, soak: soaks, growth }) => [
    ...overload.flatMap(ofOverload),
    ...soaks.flatMap(ofSoak),
    ...growth.flatMap(ofGrowth),
  ],
};

function ofOverload(row: OverloadRow): readonly FigureRow[] {
  const place = { experiment: "soak", target: row.target, mode: null, subject: "overload" };
  return [
    measured(place, "peak sessions per second", row.peakPerSecond, "1/s"),
    measured(place, "starts per second", row.ratePerSecond, "1/s"),
    measured(place, "backlog at the last start", row.backlog),
    measured(place, "time until the backlog was gone", row.drainedMs, "ms"),
    ...percentiles(place, row),
    ...counts(place, { sessions: row.begun, finished: row.finished, failed: row.failed }),
    ...(row.stopped === null ? [] : [plain(place, "text", "stopped", row.stopped)]),
  ];
}

function ofSoak(row: SoakRow): readonly FigureRow[] {
  const place = { experiment: "soak", target: row.target, mode: null, subject: "soak" };
  return [
    measured(place, "starts per second", row.ratePerSecond, "1/s"),
    measured(place, "sessions lost", row.lost),
    ...counts(place, { sessions: row.begun, finished: row.finished, failed: row.failed, kills: row.kills }),
    ...(row.stopped === null ? [] : [plain(place, "text", "stopped", row.stopped)]),
  ];
}

function ofGrowth({ target, what, samples, perHour }: GrowthRow): readonly FigureRow[] {
  const place = { experiment: "soak", target, mode: null, subject: what };
  const unit = isOfBytes({ what }) ? "bytes" : "";
  return [
    measured(place, "first", samples[0]?.[1] ?? null, unit),
    measured(place, "last", samples.at(-1)?.[1] ?? null, unit),
    ...(perHour === null ? [] : [estimated(place, "per hour", perHour, unit)]),
  ];
}
