/** The experiment `selftest`: a verifier that has never failed proves nothing. */
import type { Decision } from "../../report/decision.ts";
import { counts, type FigureRow, plain } from "../../report/figure-row.ts";
import { counted } from "../../report/numbers.ts";
import { timing } from "../../run/timing.ts";
import type { Experiment } from "../experiment.ts";
import { checkerSpeed } from "./checker-speed.ts";
import { selftestParts } from "./play.ts";
import { type FalseAlarmRow, type SelftestRow, type SelftestRows, selftestRowSchemas } from "./rows.ts";
import { type SelftestSettings, selftestSettingsSchema } from "./settings.ts";
import { defenceTable, falseAlarmTable, selftestTable } from "./tables.ts";
import { variantsNamed } from "./variants.ts";

interface SelftestFlags {
  readonly variant: string;
  readonly runs: number;
  readonly samples: number;
  readonly checkers: true;
}

const usualRuns = 50;
const usualSamples = 6;
/** Of one variant alone, which is wanted soon. */
const samplesOfOne = 4;

export const selftest: Experiment<SelftestRows, SelftestSettings, SelftestFlags> = {
  name: "selftest",
  summary: "broken variants, each of which must be caught, and correct targets, which must raise nothing",
  flags: [
    {
      flag: "--variant <name>",
      says: "one variant and its original, such as no-keys; no other runs of the correct targets",
    },
    {
      flag: "--runs <count>",
      says: "fault-free runs of each correct target, 20 sessions each; two fifths as many with kills; 0 for none",
      integer: [0, 10_000],
      byDefault: usualRuns,
    },
    {
      flag: "--samples <count>",
      says: `sessions that each variant is provoked on (default: ${usualSamples}, or ${samplesOfOne} of one variant alone)`,
      integer: [1, 100],
    },
    { flag: "--checkers", says: "only measure the checkers, in ledger entries per second" },
  ],
  shared: {
    draws: "the runs of the correct targets",
    lease: true,
    targets: true,
    durability: true,
    atOnce: false,
  },
  inCompare: [],
  injectsFaults: false,
  rows: selftestRowSchemas,
  settings: selftestSettingsSchema,
  settingsFrom: ({ variant, runs = usualRuns, samples }, _profile, leaseMs) => ({
    variant: variant ?? null,
    runs,
    samples: samples ?? (variant === undefined ? usualSamples : samplesOfOne),
    ...timing,
    leaseMs,
  }),
  answer: ({ checkers }) => (checkers ? checkerSpeed() : null),
  refuse: (_targets, { variant }) => void variantsNamed(variant ?? undefined),
  play: { kind: "alone", parts: selftestParts },
  overviews: (rows) => [selftestTable(rows), defenceTable(rows), falseAlarmTable(rows)],
  figures: ({ selftest: variants, falseAlarms }) => [
    ...variants.flatMap(ofVariant),
    ...falseAlarms.flatMap(ofCorrectRuns),
  ],
  decisions: ({ selftest: variants, falseAlarms }) => [
    ...variants.map(variantDecision),
    ...falseAlarms.map(correctRunsDecision),
  ],
  sentences: sentencesOf,
};

function ofVariant(row: SelftestRow): readonly FigureRow[] {
  const place = { experiment: "selftest", target: row.of, mode: null, subject: row.variant };
  return [
    plain(place, "verdict", "verdict", row.verdict),
    plain(place, "text", "caught by", row.caughtBy.join(", ")),
    ...counts(place, {
      "sessions provoked": row.provoked,
      "sessions violating": row.violating,
      "sessions of the original provoked": row.originalProvoked,
      "sessions of the original violating": row.originalViolating,
    }),
  ];
}

function ofCorrectRuns(row: FalseAlarmRow): readonly FigureRow[] {
  const place = { experiment: "selftest", target: row.target, mode: null, subject: `correct, ${row.what}` };
  return [
    plain(place, "verdict", "verdict", row.verdict),
    ...counts(place, { runs: row.runs, sessions: row.sessions, faults: row.faults, alarms: row.alarms }),
  ];
}

function variantDecision(row: SelftestRow): Decision {
  const caughtBy = row.caughtBy.length === 0 ? "nothing" : row.caughtBy.join(", ");
  return {
    suite: `selftest of ${row.of}`,
    name: row.variant,
    target: null,
    verdict: row.verdict,
    unknownDecides: true,
    found: `to be caught by ${row.expected}; caught by ${caughtBy}`,
    evidence: [
      `Defect: ${row.defect}`,
      `Provoked: ${row.provocation}`,
      `Violated by ${row.violating} of ${row.provoked} sessions; of the original, by ${row.originalViolating} of ${row.originalProvoked}.`,
      `This variant alone: npm run selftest -- --variant ${row.variant}`,
    ],
    anchor: "selftest",
  };
}

function correctRunsDecision(row: FalseAlarmRow): Decision {
  return {
    suite: `false alarms on ${row.target}`,
    name: row.what,
    target: null,
    verdict: row.verdict,
    unknownDecides: true,
    found: `${row.alarms} alarms in ${row.runs} runs: ${row.violated.join(", ") || "none"}`,
    evidence: [`${row.sessions} sessions, ${row.faults} faults, ${row.disturbed} runs disturbed.`],
    anchor: "selftest",
  };
}

/** What the harness proved about itself. */
function sentencesOf({ selftest: variants, falseAlarms }: SelftestRows): readonly string[] {
  const missed = variants.filter(({ verdict }) => verdict !== "pass").map(({ variant }) => variant);
  const caught = missed.length === 0 ? "all were caught" : `not caught as expected: ${missed.join(", ")}`;
  const sum = (pick: (row: FalseAlarmRow) => number) =>
    falseAlarms.reduce((total, row) => total + pick(row), 0);
  const alarms = sum((row) => row.alarms);
  const runs = sum((row) => row.runs);
  const sessions = sum((row) => row.sessions);
  return [
    ...(variants.length > 0 ? [`Of ${counted(variants.length, "broken variant")}, ${caught}.`] : []),
    ...(falseAlarms.length > 0
      ? [
          `${counted(alarms, "false alarm")} in ${counted(runs, "run")} of correct targets, ${counted(sessions, "session")}.`,
        ]
      : []),
  ];
}
