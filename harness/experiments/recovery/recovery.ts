/** The experiment `recovery`: from a fault to the next execution of every session that it interrupted, against the lease. */
import { recoveriesOf } from "../../history/recovery.ts";
import { counts, percentiles } from "../../report/figure-row.ts";
import { milliseconds } from "../../report/numbers.ts";
import { timing } from "../../run/timing.ts";
import type { Experiment } from "../experiment.ts";
import { defaultLeaseLedger } from "./default-lease.ts";
import { ledgerOf, playRecovery, recoveryKinds } from "./play.ts";
import { recoveryRow } from "./row.ts";
import { type RecoveryRows, recoveryRowSchemas } from "./rows.ts";
import { type RecoverySettings, recoverySettingsSchema } from "./settings.ts";
import { recoveryTable, wakeTable } from "./tables.ts";
import { wakeRows } from "./wakes.ts";

export const recovery: Experiment<RecoveryRows, RecoverySettings, object> = {
  name: "recovery",
  summary: "from a fault to the next execution of every session that it interrupted, against the lease",
  flags: [],
  shared: { draws: "workload and faults", lease: true, targets: true, durability: true, atOnce: true },
  inCompare: [],
  injectsFaults: true,
  rows: recoveryRowSchemas,
  settings: recoverySettingsSchema,
  settingsFrom: (_flags, _profile, leaseMs) => ({
    sessions: 240,
    arrivalsMs: 24 * leaseMs,
    workers: 2,
    clients: 2,
    ...timing,
    leaseMs,
  }),
  play: { kind: "alone", parts: (context, settings) => [playRecovery(context, settings)] },
  judgePlan: ({ target: { name: target }, analysis }) => ({
    recovery: [...recoveriesOf(analysis.history, analysis.exposure)].map(([faultKind, recoveries]) =>
      recoveryRow(recoveries, {
        target,
        faultKind,
        leaseMs: analysis.settings.leaseMs,
        leaseIsDefault: false,
      }),
    ),
    wakes: wakeRows(target, analysis),
  }),
  overviews: (rows) => [recoveryTable(rows), wakeTable(rows)],
  figures: ({ recovery: rows, wakes }) => [
    ...rows.flatMap((row) => {
      const subject = `${row.faultKind}, lease ${row.leaseMs} ms`;
      const place = { experiment: "recovery", target: row.target, mode: null, subject };
      return [
        ...percentiles(place, row),
        ...counts(place, { intervals: row.intervals, censored: row.censored }),
      ];
    }),
    ...wakes.flatMap((row) => {
      const subject = `${row.faultKind} in the wait, lease ${row.leaseMs} ms`;
      const place = { experiment: "lateness of wakes", target: row.target, mode: null, subject };
      return [...percentiles(place, row), ...counts(place, { wakes: row.wakes })];
    }),
  ],
  headline: [
    {
      what: ({ recovery: rows }) => {
        const leases = new Set(rows.filter((row) => !row.leaseIsDefault).map(({ leaseMs }) => leaseMs));
        return `takeover after a kill, p99, at a lease of ${[...leases].map(milliseconds).join(" or ")}`;
      },
      of: ({ recovery: rows }, target) => {
        const row = rows.find(
          (each) => each.target === target && each.faultKind === "kill" && !each.leaseIsDefault,
        );
        return row === undefined ? null : milliseconds(row.p99Ms);
      },
      decidesAs: "takeover p99",
      isForGuests: true,
    },
  ],
  drawn: ({ recovery: rows }, settings) => ({
    runs: [...new Set(rows.map(({ target }) => target))].flatMap((target) => [
      ...recoveryKinds.map((kind) => ({
        experiment: ledgerOf(kind),
        target,
        leaseMs: settings?.leaseMs ?? null,
      })),
      ...rows
        .filter((row) => row.target === target && row.leaseIsDefault)
        .map(({ leaseMs }) => ({ experiment: defaultLeaseLedger, target, leaseMs })),
    ]),
  }),
};
