/** Verdicts as tables, one per experiment: an invariant a row, a target and mode a column. */
import { invariantIds, type VerdictValue } from "../checks/verdict.ts";
import { atMost, percent, percentRange } from "./figures.ts";
import type { Results, VerdictRow } from "./results-schema.ts";
import type { Table } from "./table.ts";

export const glyphs: Readonly<Record<VerdictValue, string>> = { pass: "✓", fail: "✗", unknown: "?" };

const modes = ["idempotent", "naive"] as const;

export function verdictTables({ verdicts }: Pick<Results, "verdicts">): readonly Table[] {
  return [...Map.groupBy(verdicts, (row) => row.experiment)].map(([experiment, rows]) =>
    tableOf(experiment, rows),
  );
}

function tableOf(experiment: string, rows: readonly VerdictRow[]): Table {
  const targets = [...new Set(rows.map((row) => row.target))];
  const columns = targets
    .flatMap((target) => modes.map((mode) => ({ target, mode })))
    .filter(({ target, mode }) => rows.some((row) => row.target === target && row.mode === mode));
  const judged = invariantIds.filter((invariant) => rows.some((row) => row.invariant === invariant));
  return {
    title: `Invariants under ${experiment}`,
    headers: ["invariant", ...columns.map(({ target, mode }) => `${target}, ${mode}`)],
    rows: judged.map((invariant) => [
      invariant,
      ...columns.map(({ target, mode }) =>
        cellOf(rows.find((row) => row.invariant === invariant && row.target === target && row.mode === mode)),
      ),
    ]),
    note: null,
  };
}

function cellOf(row: VerdictRow | undefined): string {
  if (row === undefined) return "";
  if (row.guaranteed) {
    const bound = row.upper95 === null ? "" : `, ${atMost(row.upper95)}`;
    return `${glyphs[row.verdict]} ${foundIn(row)}${bound}`;
  }
  if (row.rate95 === null) return foundIn(row);
  return `${foundIn(row)}: ${percent(row.violatingExposed / row.exposed)} (${percentRange(row.rate95)})`;
}

/** Violating sessions of those exposed. Where only unexposed ones violate it, that is said, or a ✗ would read like a ✓. */
export function foundIn({ violationCount, violatingExposed, exposed }: VerdictRow): string {
  if (violationCount > 0 && violatingExposed === 0) return `${violationCount} unexposed`;
  return exposed === 0 ? "none exposed" : `${violatingExposed} of ${exposed}`;
}

/** Why verdicts stayed unknown, one line each, guarantees only. */
export function unknownReasons({ verdicts }: Pick<Results, "verdicts">): readonly string[] {
  const experiments = new Set(verdicts.map(({ experiment }) => experiment));
  return verdicts
    .filter((row) => row.guaranteed && row.verdict === "unknown")
    .map((row) => {
      const under = experiments.size > 1 ? ` under ${row.experiment}` : "";
      return `${row.invariant} on ${row.target}, ${row.mode}${under}: ${row.reason ?? "no reason was recorded"}`;
    });
}
