/** Verdicts as tables, one or two per experiment: an invariant a row, a target and mode a column. */
import { invariantIds } from "../../checks/invariants/index.ts";
import { atMost, glyphs, percent, percentRange } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { ChaosRows, VerdictRow } from "./rows.ts";

const modes = ["idempotent", "naive"] as const;

/** So many targets stand side by side with both modes; of more, each mode has a table of its own. */
const targetsWithBothModes = 2;

/** A table, and the verdict that each of its cells shows. */
export interface VerdictGrid {
  readonly experiment: string;
  readonly table: Table;
  readonly verdictAt: (row: number, column: number) => VerdictRow | undefined;
}

export function verdictTables(results: Pick<ChaosRows, "verdicts">): readonly Table[] {
  return verdictGrids(results).map(({ table }) => table);
}

/** Pure. */
export function verdictGrids({ verdicts }: Pick<ChaosRows, "verdicts">): readonly VerdictGrid[] {
  return [...Map.groupBy(verdicts, (row) => row.experiment)].flatMap(([experiment, rows]) => {
    const title = `Invariants under ${experiment}`;
    if (new Set(rows.map(({ target }) => target)).size <= targetsWithBothModes)
      return [gridOf(experiment, title, rows, ({ target, mode }) => `${target}, ${mode}`)];
    return [...Map.groupBy(rows, ({ mode }) => mode)].map(([mode, own]) =>
      gridOf(experiment, `${title}, ${mode} sessions`, own, ({ target }) => target),
    );
  });
}

function gridOf(
  experiment: string,
  title: string,
  rows: readonly VerdictRow[],
  headerOf: (row: VerdictRow) => string,
): VerdictGrid {
  const targets = [...new Set(rows.map((row) => row.target))];
  const columns = targets.flatMap((target) =>
    modes.flatMap((mode) => rows.find((row) => row.target === target && row.mode === mode) ?? []),
  );
  const judged = invariantIds.filter((invariant) => rows.some((row) => row.invariant === invariant));
  const verdictOf = (invariant: VerdictRow["invariant"] | undefined, column: VerdictRow | undefined) =>
    rows.find(
      (row) => row.invariant === invariant && row.target === column?.target && row.mode === column.mode,
    );
  return {
    experiment,
    verdictAt: (row, column) => verdictOf(judged[row], columns[column - 1]),
    table: {
      title,
      headers: ["invariant", ...columns.map(headerOf)],
      hasTargetsAcross: true,
      rows: judged.map((invariant) => [
        invariant,
        ...columns.map((column) => verdictCell(verdictOf(invariant, column))),
      ]),
      note: null,
    },
  };
}

/** A verdict in a few words; nothing where there is none. */
export function verdictCell(row: VerdictRow | undefined): string {
  if (row === undefined) return "";
  const bound = boundIn(row);
  if (row.guaranteed) return `${glyphs[row.verdict]} ${foundIn(row)}${bound === "" ? "" : `, ${bound}`}`;
  return `${foundIn(row)}${bound === "" ? "" : `: ${bound}`}`;
}

/** What is known of the rate: of a guarantee its upper bound, of what is measured its interval. */
export function boundIn({ guaranteed, upper95, rate95, violatingExposed, exposed }: VerdictRow): string {
  if (guaranteed) return upper95 === null ? "" : atMost(upper95);
  return rate95 === null ? "" : `${percent(violatingExposed / exposed)} (${percentRange(rate95)})`;
}

/** Violating sessions of those exposed. Where only unexposed ones violate it, that is said, or a ✗ would read like a ✓. */
export function foundIn({ violationCount, violatingExposed, exposed }: VerdictRow): string {
  if (violationCount > 0 && violatingExposed === 0) return `${violationCount} unexposed`;
  return exposed === 0 ? "none exposed" : `${violatingExposed} of ${exposed}`;
}
