/** The experiment `chaos`: random faults from a plan over many concurrent sessions: do the invariants hold? */
import { invariants } from "../../checks/invariants/index.ts";
import { plannedFaultKinds } from "../../faults/kinds/faults.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import { playedPlan } from "../../run/play-plan/play-plan.ts";
import { refuseToReachNobody } from "../../run/play-plan/remote-workers.ts";
import { type FoundRows, joined } from "../../run/run-experiments.ts";
import { refuseToPlayNoFault } from "../../run/target.ts";
import { type Experiment, profileNames } from "../experiment.ts";
import { guaranteesInBrief, withoutKeysInBrief } from "./brief.ts";
import { lostByTheBook } from "./by-the-book.ts";
import { cutOffSentences } from "./cut-off.ts";
import { verdictClause, verdictDecisions, verdictRemarks } from "./decisions.ts";
import { faultTable } from "./fault-table.ts";
import { chaosFigures } from "./figures.ts";
import { judgePlan } from "./judge.ts";
import { playChaos } from "./play.ts";
import { type ChaosRows, chaosRowSchemas } from "./rows.ts";
import {
  type ChaosFlags,
  type ChaosSettings,
  chaosFlags,
  chaosSettingsFrom,
  chaosSettingsSchema,
} from "./settings.ts";
import { boundIn, verdictTables } from "./tables.ts";

export const chaos: Experiment<ChaosRows, ChaosSettings, ChaosFlags> = {
  name: "chaos",
  summary: "random faults from a plan over many concurrent sessions: do the invariants hold?",
  flags: chaosFlags,
  shared: {
    draws: "workload and faults",
    profile: "quick",
    lease: true,
    targets: true,
    durability: true,
    atOnce: true,
    remoteWorkers: true,
    byTheBook: ["standard"],
    inCompareToo: true,
  },
  inCompare: profileNames,
  injectsFaults: true,
  rows: chaosRowSchemas,
  settings: chaosSettingsSchema,
  settingsFrom: chaosSettingsFrom,
  refuse(targets, { faults }, options) {
    const kinds = plannedFaultKinds.filter((kind) => (faults[kind] ?? 0) > 0);
    refuseToPlayNoFault(targets, kinds);
    refuseToReachNobody(targets, options);
  },
  play: {
    kind: "alone",
    parts(context, { arrivalsMs, shrinkS, ...shape }) {
      const plan = drawPlan(context.seed ?? 0, { ...shape, arrivalsMs: arrivalsMs ?? 0 });
      // Whoever started workers by hand did so for one play of the plan.
      return [(run) => playChaos(context, plan, run.settings.remoteWorkers ? 0 : shrinkS)(run)];
    },
  },
  judgePlan,
  judgeAgain({ targets, plan, entriesOf, judgePlan }) {
    if (plan === null) return {};
    return targets
      .map((target) => {
        const entries = entriesOf("chaos", target.name);
        return judgePlan(playedPlan(entries, { experiment: "chaos", target, plan }));
      })
      .reduce<FoundRows>(joined, {});
  },
  overviews: (rows) => [...verdictTables(rows), lostByTheBook(rows), faultTable(rows)],
  brief: (rows) => [guaranteesInBrief(rows), withoutKeysInBrief(rows)],
  figures: chaosFigures,
  decisions: verdictDecisions,
  headline: [
    {
      what: () => "guarantees that held",
      of: ({ verdicts }, target) => {
        const own = verdicts.filter((row) => row.guaranteed && row.target === target);
        const held = own.filter(({ verdict }) => verdict === "pass").length;
        return own.length === 0 ? null : `${held} of ${own.length}`;
      },
      decidesAs: "guarantees held",
      isForGuests: true,
    },
    {
      what: () => "effective faults",
      of: ({ faults }, target) => {
        const own = faults.filter((row) => row.target === target);
        const effective = own.filter((row) => row.effective).length;
        return own.length === 0 ? null : `${effective} of ${own.length}`;
      },
    },
    {
      what: () => "sessions hit that recorded an activity twice, without keys (95 % CI)",
      of: ({ verdicts }, target) => {
        const row = verdicts.find(
          ({ target: name, experiment, mode, invariant }) =>
            name === target && experiment === "chaos" && mode === "naive" && invariant === "recorded-once",
        );
        return row === undefined || row.rate95 === null ? null : boundIn(row);
      },
      decidesAs: "recorded twice without keys",
    },
  ],
  clause: verdictClause,
  sentences: cutOffSentences,
  remarks: verdictRemarks,
  drawn: ({ verdicts }, settings) => ({
    runs: [...new Set(verdicts.map(({ target }) => target))].map((target) => ({
      experiment: "chaos",
      target,
      leaseMs: settings?.leaseMs ?? null,
    })),
    violated: verdicts.flatMap(({ experiment, target, invariant, guaranteed, violations }) =>
      violations.map(({ session }) => ({ experiment, target, session, invariant, guaranteed })),
    ),
  }),
  pageExtras: async () => ({
    sentences: Object.fromEntries(invariants.map(({ id, sentence }) => [id, sentence])),
  }),
};
