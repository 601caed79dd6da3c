/** The experiment `durability`: what it costs to survive power loss. */
import { UsageError } from "../../errors.ts";
import { measured } from "../../report/figure-row.ts";
import { longLease } from "../../run/timing.ts";
import type { Experiment } from "../experiment.ts";
import { playDurability } from "./play.ts";
import { type DurabilityRows, durabilityRowSchemas } from "./rows.ts";
import { type DurabilitySettings, durabilitySettingsSchema } from "./settings.ts";
import { durabilityTable } from "./tables.ts";

export const durability: Experiment<DurabilityRows, DurabilitySettings, object> = {
  name: "durability",
  summary: "what it costs to survive power loss: syncs per session, and sessions/s beside the other kinds",
  flags: [],
  shared: { targets: true, durability: false, atOnce: false },
  inCompare: [],
  injectsFaults: false,
  rows: durabilityRowSchemas,
  settings: durabilitySettingsSchema,
  settingsFrom: () => ({ rounds: 3, sessions: 200, workers: 2, ...longLease }),
  refuse(targets) {
    const running = targets.find((target) => target.external !== null);
    if (running === undefined) return;
    throw new UsageError(
      `The store of ${running.name} was running before the run, and cannot be told what to keep.`,
      "Leave its URL out, so that the run starts one of its own, or leave the target out with --targets.",
    );
  },
  play: { kind: "alone", parts: ({ targets }, settings) => [playDurability(targets, settings)] },
  overviews: (rows) => [durabilityTable(rows)],
  figures: ({ durability: rows }) =>
    rows.flatMap((row) => {
      const place = { experiment: "durability", target: row.target, mode: null, subject: row.durability };
      return [
        measured(place, "syncs per session", row.syncsPerSession),
        measured(place, "sessions per second, slowest round", row.slowest, "1/s"),
        measured(place, "sessions per second, median round", row.median, "1/s"),
        measured(place, "sessions per second, fastest round", row.fastest, "1/s"),
      ];
    }),
};
