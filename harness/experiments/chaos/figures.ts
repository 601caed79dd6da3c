/** Every figure of verdicts, faults and smaller plans, a row each. Pure. */
import { counts, type FigureRow, plain } from "../../report/figure-row.ts";
import type { ChaosRows, FaultRow, SmallestPlanRow, VerdictRow } from "./rows.ts";

export function chaosFigures({ verdicts, faults, smallestPlans }: ChaosRows): readonly FigureRow[] {
  return [...verdicts.flatMap(ofVerdict), ...ofFaults(faults), ...smallestPlans.flatMap(ofSmallestPlan)];
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
      ...(row.undecided > 0 ? { undecided: row.undecided } : {}),
      exposed: row.exposed,
      "distinct faults that exposed them": row.exposedClusters,
      "violating sessions": row.violatingExposed,
      violations: row.violationCount,
    }),
    ...row.violations.map(({ session, what }) => plain(place, "text", "violation", `${session}: ${what}`)),
  ];
}

/** Faults by target and kind: one by one they are in `results.json`. */
function ofFaults(faults: readonly FaultRow[]): readonly FigureRow[] {
  return [...Map.groupBy(faults, ({ target, kind }) => `${target}\n${kind}`).values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const place = { experiment: "faults", target: first.target, mode: null, subject: first.kind };
    const sum = (pick: (row: (typeof rows)[number]) => number) =>
      rows.reduce((total, row) => total + pick(row), 0);
    return counts(place, {
      injected: rows.length,
      effective: sum(({ effective }) => Number(effective)),
      "hits at work": sum(({ interrupted }) => interrupted),
      "hits in the wait": sum(({ leftWaiting }) => leftWaiting),
      ...(rows.every(({ overstayed }) => overstayed === null)
        ? {}
        : { "killed for not leaving in time": sum(({ overstayed }) => overstayed ?? 0) }),
    });
  });
}

function ofSmallestPlan(row: SmallestPlanRow): readonly FigureRow[] {
  const { target, mode, invariant, sessions, faults, tried } = row;
  const place = { experiment: "smallest plan", target, mode, subject: invariant };
  return [...counts(place, { sessions, faults, tried }), plain(place, "text", "file", row.file)];
}
