/** The experiment `faults`: each kind of fault beyond the death of a process, by itself. */
import { counts } from "../../report/figure-row.ts";
import { timing } from "../../run/timing.ts";
import type { Experiment } from "../experiment.ts";
import { judgedAgain, playFaults } from "./play.ts";
import { type FaultOutcomeRows, faultOutcomeSchemas, ledgerOf } from "./rows.ts";
import { faultRunsNamed } from "./runs.ts";
import { type FaultsFlags, type FaultsSettings, faultsSettingsSchema } from "./settings.ts";
import { faultOutcomeTable, inWords } from "./tables.ts";

export const faults: Experiment<FaultOutcomeRows, FaultsSettings, FaultsFlags> = {
  name: "faults",
  summary: "each kind of fault beyond the death of a process, by itself: what it loses, repeats or delays",
  flags: [{ flag: "--only <runs...>", says: "only these runs, such as failover" }],
  shared: { draws: "workload and faults", lease: true, targets: true, durability: true, atOnce: true },
  inCompare: [],
  injectsFaults: true,
  rows: faultOutcomeSchemas,
  settings: faultsSettingsSchema,
  settingsFrom: ({ only }, _profile, leaseMs) => ({
    runs: faultRunsNamed(only).map(({ name }) => name),
    sessions: 360, // a third of them naive, and some at work in every step whenever a fault comes
    arrivalsMs: 24 * leaseMs,
    workers: 2,
    clients: 2,
    ...timing,
    leaseMs,
  }),
  play: { kind: "alone", parts: (context, settings) => [playFaults(context, settings)] },
  judgeAgain: judgedAgain,
  overviews: (rows) => [faultOutcomeTable(rows)],
  figures: ({ faultOutcomes }) =>
    faultOutcomes
      .filter(({ notTaken }) => notTaken === null)
      .flatMap(({ target, run, acknowledged, lost, refused, ranAgain, repeated }) =>
        counts(
          { experiment: "faults", target, mode: null, subject: run },
          { acknowledged, lost, refused, ranAgain, repeated },
        ),
      ),
  // Each of them, and why, is told with the verdicts; here, that a run decided nothing.
  decisions: ({ faultOutcomes }) =>
    faultOutcomes
      .filter(({ promised }) => promised > 0)
      .map((row) => ({
        suite: `faults on ${row.target}`,
        name: row.run,
        target: row.target,
        verdict: row.violated > 0 ? "fail" : row.held === 0 ? "unknown" : "pass",
        unknownDecides: true,
        found: inWords(row),
        evidence: [],
        anchor: "fault-outcomes",
      })),
  drawn: ({ faultOutcomes }, settings) => ({
    cases: faultOutcomes.flatMap(({ target, run, story }) =>
      story === null
        ? []
        : [
            {
              experiment: ledgerOf(run),
              target,
              session: story,
              leaseMs: settings?.leaseMs ?? null,
            },
          ],
    ),
  }),
};
