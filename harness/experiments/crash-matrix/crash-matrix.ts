/** The experiment `crash-matrix`: one kill at every crash point, exhaustively. */
import type { VerdictValue } from "../../checks/verdict.ts";
import type { Decision } from "../../report/decision.ts";
import { type FigureRow, plain } from "../../report/figure-row.ts";
import { counted, milliseconds, playedAgainIn } from "../../report/numbers.ts";
import { isByTheBook } from "../../report/target-name.ts";
import type { Target } from "../../run/target.ts";
import { timing } from "../../run/timing.ts";
import type { Entry } from "../../world/entry.ts";
import { type Experiment, type ProfileName, profileNames } from "../experiment.ts";
import { crashPointsNamed } from "./crash-points.ts";
import { crashMatrixRows } from "./judge.ts";
import { casesOf, crashMatrixLedger, playCasesAgain, playCrashMatrix } from "./play.ts";
import { type CrashMatrixRow, type CrashMatrixRows, crashMatrixRowSchemas } from "./rows.ts";
import { type CrashMatrixSettings, crashMatrixSettingsSchema } from "./settings.ts";
import { crashMatrixTables, lostByTheBook } from "./tables.ts";

interface CrashMatrixFlags {
  readonly depth: number;
  readonly only: readonly string[];
}

const depths: Readonly<Record<ProfileName, number>> = { quick: 1, standard: 3 };

export const crashMatrix: Experiment<CrashMatrixRows, CrashMatrixSettings, CrashMatrixFlags> = {
  name: "crash-matrix",
  summary: "one kill at every crash point, on every target and in both modes",
  flags: [
    {
      flag: "--depth <count>",
      says: "how many lives of a session die at the point: 1, or its retries too",
      integer: [1, 10],
      byDefault: depths.quick,
    },
    {
      flag: "--only <points...>",
      says: "only these points, such as record:1/after, or these rows of the matrix",
    },
  ],
  shared: { lease: true, targets: true, durability: true, atOnce: true, byTheBook: ["standard"] },
  inCompare: profileNames,
  injectsFaults: true,
  rows: crashMatrixRowSchemas,
  settings: crashMatrixSettingsSchema,
  settingsFrom: ({ only, depth }, profile, leaseMs) => ({
    points: crashPointsNamed(only).map(({ id }) => id),
    depth: depth ?? depths[profile],
    ...timing,
    leaseMs,
  }),
  play: {
    kind: "side by side",
    comesFirst: false,
    countOf: (target, settings) => casesOf(target, settings).length,
    play: async (run, target, settings, whenFree, onCase) => ({
      crashMatrix: await playCrashMatrix(
        run,
        target,
        { ...settings, cases: casesOf(target, settings), attempt: 0 },
        whenFree,
        onCase,
      ),
    }),
    async playAgain(run, target, settings, rows, attempt) {
      const found = rows.crashMatrix as readonly CrashMatrixRow[]; // what `play` found
      const crashMatrix = await playCasesAgain(run, target, settings, found, attempt);
      return crashMatrix === null ? null : { crashMatrix };
    },
  },
  judgeAgain: ({ targets, settings, entriesOf }) => ({
    crashMatrix: targets.flatMap((target) =>
      judgedAgain(target, settings, (attempt) => entriesOf(crashMatrixLedger(attempt), target.name)),
    ),
  }),
  overviews: (rows) => [...crashMatrixTables(rows), lostByTheBook(rows)],
  figures: ({ crashMatrix: cells }) => cells.flatMap(figuresOf),
  decisions: ({ crashMatrix: cells }) => cells.filter(({ target }) => !isByTheBook(target)).map(decisionOf),
  headline: [
    {
      what: () => "crash points survived",
      of: ({ crashMatrix: cells }, target) => {
        const own = cells.filter((cell) => cell.target === target);
        return own.length === 0
          ? null
          : `${own.filter(({ verdict }) => verdict === "pass").length} of ${own.length}`;
      },
      decidesAs: "crash points survived",
    },
  ],
  clause: clauseOf,
  drawn: ({ crashMatrix: cells }) => ({
    cases: cells.map(({ target, session, playedAgain }) => ({
      experiment: crashMatrixLedger(playedAgain),
      target,
      session,
    })),
  }),
};

/** Of a case that was played again, the last attempt decides. */
function judgedAgain(
  target: Target,
  settings: CrashMatrixSettings,
  entriesIn: (attempt: number) => readonly Entry[],
): readonly CrashMatrixRow[] {
  const { leaseMs } = settings;
  const all = casesOf(target, settings);
  let rows = crashMatrixRows(entriesIn(0), target, { cases: all, attempt: 0, leaseMs });
  for (let attempt = 1; ; attempt++) {
    const entries = entriesIn(attempt);
    if (entries.length === 0) return rows;
    const played = new Set(entries.flatMap((entry) => ("session" in entry ? [entry.session] : [])));
    const cases = all.filter(({ sessionId }) => played.has(sessionId));
    const again = crashMatrixRows(entries, target, { cases, attempt, leaseMs });
    rows = rows.map((row) => again.find(({ session }) => session === row.session) ?? row);
  }
}

function figuresOf(row: CrashMatrixRow): readonly FigureRow[] {
  const { target, mode, step, point } = row;
  const place = { experiment: "crash-matrix", target, mode, subject: `${step}/${point}` };
  return [
    plain(place, "verdict", "verdict", row.verdict),
    plain(place, "case", "landed", row.landed),
    plain(place, "case", "suppressed", row.suppressed),
    plain(place, "case", "executions", row.executions),
    ...(row.playedAgain > 0 ? [plain(place, "case", "played again", row.playedAgain)] : []),
    { ...plain(place, "case", "recovered after", row.recoveredMs), unit: "ms" },
  ];
}

function decisionOf(row: CrashMatrixRow): Decision {
  const point = row.step === "completion" ? row.step : `${row.step}/${row.point}`;
  return {
    suite: `crash-matrix on ${row.target}`,
    name: `${point}, ${row.mode}`,
    target: row.target,
    verdict: row.verdict,
    unknownDecides: true,
    found:
      row.verdict === "unknown" ? "the crash did not happen" : "something was lost, or a guarantee broken",
    evidence: [
      `Landed ${row.landed}, suppressed ${row.suppressed}, executions ${row.executions}, recovered after ${milliseconds(row.recoveredMs)}.`,
      `This case alone: npm run crash-matrix -- --only ${point} --targets ${row.target}`,
    ],
    anchor: "crash-matrix",
  };
}

function clauseOf({ crashMatrix: cells }: CrashMatrixRows, target: string): string | null {
  const own = cells.filter((cell) => cell.target === target);
  if (own.length === 0) return null;
  const of = (verdict: VerdictValue) => own.filter((cell) => cell.verdict === verdict).length;
  const others = [
    ...(of("fail") > 0 ? [`${of("fail")} failed`] : []),
    ...(of("unknown") > 0 ? [`${of("unknown")} unknown`] : []),
  ];
  const found = others.length === 0 ? "all survived" : others.join(" and ");
  return `of ${counted(own.length, "crash point")}, ${found}${playedAgainIn(own)}`;
}
