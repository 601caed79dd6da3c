/**
 * All that a run found as one long list, a figure a row: the form that a spreadsheet can filter and pivot, and in
 * which two runs can be laid side by side. What a session costs stands in `long-form-performance.ts`.
 */
import { counts, type FigureRow, plain } from "./figure-row.ts";
import { performanceFigures } from "./long-form-performance.ts";
import type { FootprintRow } from "./performance-schema.ts";
import type { ClaimRow, Results, SelftestRow, VerdictRow } from "./results-schema.ts";

/** Every figure of a run, in the order of its report. Pure. */
export function figuresOf(results: Results): readonly FigureRow[] {
  return [
    ...results.verdicts.flatMap(ofVerdict),
    ...faultFigures(results),
    ...results.smallestPlans.flatMap(ofSmallestPlan),
    ...results.crashMatrix.flatMap(ofCell),
    ...results.claims.flatMap(ofClaim),
    ...performanceFigures(results),
    ...results.codeSize.flatMap(ofFile),
    ...results.footprint.flatMap(ofFootprint),
    ...results.selftest.flatMap(ofVariant),
    ...results.falseAlarms.flatMap(ofCorrectRuns),
  ];
}

function ofVerdict(row: VerdictRow): readonly FigureRow[] {
  const { experiment, target, mode, invariant, guaranteed, upper95 } = row;
  const place = { experiment, target, mode, subject: invariant };
  const rate: FigureRow = {
    ...plain(place, "rate", "violation rate", row.exposed === 0 ? null : row.violatingExposed / row.exposed),
    unit: "share",
    // Of a guarantee only the upper bound is known, and it is one-sided.
    interval95: row.rate95 ?? (upper95 === null ? null : [0, upper95]),
  };
  return [
    ...(guaranteed ? [plain(place, "verdict", "verdict", row.verdict)] : []),
    ...(row.reason === null ? [] : [plain(place, "text", "reason", row.reason)]),
    rate,
    ...counts(place, {
      sessions: row.sessions,
      exposed: row.exposed,
      "distinct faults that exposed them": row.exposedClusters,
      "violating sessions": row.violatingExposed,
      violations: row.violationCount,
    }),
    ...row.violations.map(({ session, what }) => plain(place, "text", "violation", `${session}: ${what}`)),
  ];
}

/** Faults by target and kind: one by one they are in `results.json`. */
function faultFigures({ faults }: Results): readonly FigureRow[] {
  return [...Map.groupBy(faults, ({ target, kind }) => `${target}\n${kind}`).values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const place = { experiment: "faults", target: first.target, mode: null, subject: first.kind };
    const sum = (pick: (row: (typeof rows)[number]) => number) =>
      rows.reduce((total, row) => total + pick(row), 0);
    return counts(place, {
      injected: rows.length,
      effective: sum(({ effective }) => Number(effective)),
      "sessions interrupted": sum(({ interrupted }) => interrupted),
      "sessions left waiting": sum(({ leftWaiting }) => leftWaiting),
    });
  });
}

function ofSmallestPlan(row: Results["smallestPlans"][number]): readonly FigureRow[] {
  const { target, mode, invariant, sessions, faults, tried } = row;
  const place = { experiment: "smallest plan", target, mode, subject: invariant };
  return [...counts(place, { sessions, faults, tried }), plain(place, "text", "file", row.file)];
}

function ofCell(row: Results["crashMatrix"][number]): readonly FigureRow[] {
  const { target, mode, step, point } = row;
  const place = { experiment: "crash-matrix", target, mode, subject: `${step}/${point}` };
  return [
    plain(place, "verdict", "verdict", row.verdict),
    plain(place, "case", "landed", row.landed),
    plain(place, "case", "suppressed", row.suppressed),
    plain(place, "case", "executions", row.executions),
    { ...plain(place, "case", "recovered after", row.recoveredMs), unit: "ms" },
  ];
}

function ofClaim({ id, target, verdict, observed, evidence }: ClaimRow): readonly FigureRow[] {
  const place = { experiment: "claims", target, mode: null, subject: id };
  return [
    plain(place, "verdict", "verdict", verdict),
    plain(place, "text", "observed", observed),
    ...evidence.flatMap((each): readonly FigureRow[] =>
      each.kind === "quote"
        ? []
        : [
            {
              ...plain(place, "case", each.what, each.value),
              unit: each.unit === "count" ? "" : each.unit,
            },
          ],
    ),
  ];
}

function ofFile(row: Results["codeSize"][number]): readonly FigureRow[] {
  const place = { experiment: "code-size", target: row.implementation, mode: null, subject: row.file };
  return [
    plain(place, "size", "code lines", row.codeLines),
    plain(place, "size", "comment lines", row.commentLines),
    plain(place, "size", "statements", row.statements),
    { ...plain(place, "size", "gzip", row.gzipBytes), unit: "bytes" },
  ];
}

function ofFootprint(row: FootprintRow): readonly FigureRow[] {
  const place = { experiment: "code-size", target: row.implementation, mode: null, subject: "footprint" };
  return [
    plain(place, "size", "services", row.services.length),
    plain(place, "size", "direct packages", row.packages.length),
    plain(place, "size", "packages in all", row.packagesInAll),
    plain(place, "size", "concepts", row.concepts.length),
  ];
}

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

function ofCorrectRuns(row: Results["falseAlarms"][number]): readonly FigureRow[] {
  const place = { experiment: "selftest", target: row.target, mode: null, subject: `correct, ${row.what}` };
  return [
    plain(place, "verdict", "verdict", row.verdict),
    ...counts(place, { runs: row.runs, sessions: row.sessions, faults: row.faults, alarms: row.alarms }),
  ];
}
