/** The verdicts of `chaos` for a page with little room: an invariant a row, a target a column. */
import { invariantIds } from "../../checks/invariants/index.ts";
import { percent, percentRange } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import { isByTheBook } from "../../report/target-name.ts";
import type { ChaosRows, VerdictRow } from "./rows.ts";
import { verdictCell } from "./tables.ts";

type Verdicts = Pick<ChaosRows, "verdicts">;

/** What has to hold: sessions with keys. */
export function guaranteesInBrief({ verdicts }: Verdicts): Table {
  return {
    title: "Invariants under chaos, in brief",
    ...gridOf(verdicts, "idempotent", verdictCell),
    note: null,
  };
}

/** What is only measured: of the invariants, those that some target does not guarantee, and any that did not pass. */
export function withoutKeysInBrief({ verdicts }: Verdicts): Table {
  const naive = verdicts.filter(({ mode, target }) => mode === "naive" && !isByTheBook(target));
  const told = new Set(
    naive.filter((row) => !row.guaranteed || row.verdict !== "pass").map(({ invariant }) => invariant),
  );
  const rateOf = (row: VerdictRow | undefined) =>
    row === undefined || row.guaranteed || row.rate95 === null
      ? verdictCell(row)
      : `${percent(row.violatingExposed / row.exposed)} (${percentRange(row.rate95)})`;
  return {
    title: "Without keys under chaos, in brief",
    ...gridOf(
      naive.filter(({ invariant }) => told.has(invariant)),
      "naive",
      rateOf,
    ),
    note: null,
  };
}

function gridOf(
  verdicts: readonly VerdictRow[],
  mode: VerdictRow["mode"],
  cellOf: (row: VerdictRow | undefined) => string,
): Pick<Table, "headers" | "rows" | "hasTargetsAcross"> {
  const own = verdicts.filter(
    (row) => row.experiment === "chaos" && row.mode === mode && !isByTheBook(row.target),
  );
  const targets = [...new Set(own.map(({ target }) => target))];
  return {
    headers: [`${mode} sessions`, ...targets],
    hasTargetsAcross: true,
    rows: invariantIds
      .map((invariant) => own.filter((row) => row.invariant === invariant))
      .filter(({ length }) => length > 0)
      .map((rows) => [
        rows[0]?.invariant ?? "",
        ...targets.map((target) => cellOf(rows.find((row) => row.target === target))),
      ]),
  };
}
