/** What the engines lost by the book that they keep hardened: an invariant a row, sessions with keys. */
import { invariantIds } from "../../checks/invariants/index.ts";
import type { Table } from "../../report/table.ts";
import { hardenedOf, isByTheBook } from "../../report/target-name.ts";
import type { ChaosRows, VerdictRow } from "./rows.ts";
import { verdictCell } from "./tables.ts";

/** Invariants that some engine broke by the book, and beside each engine what the hardened one did on the same plan. Pure. */
export function lostByTheBook({ verdicts }: Pick<ChaosRows, "verdicts">): Table {
  const own = verdicts.filter(({ experiment, mode }) => experiment === "chaos" && mode === "idempotent");
  const books = [...new Set(own.map(({ target }) => target))].filter(isByTheBook);
  const columns = books.flatMap((book) => [book, hardenedOf(book)]);
  const cellOf = (invariant: VerdictRow["invariant"], target: string) =>
    verdictCell(own.find((row) => row.invariant === invariant && row.target === target));
  const broken = invariantIds.filter((invariant) =>
    own.some((row) => row.invariant === invariant && books.includes(row.target) && row.violationCount > 0),
  );
  return {
    title: "By the book under chaos",
    headers: ["idempotent sessions", ...columns],
    hasTargetsAcross: true,
    rows: broken.map((invariant) => [invariant, ...columns.map((target) => cellOf(invariant, target))]),
    note: "Invariants that an engine breaks when it is used as its documentation has it, and the hardened implementation beside it, under the same plan. By the book nothing is promised.",
  };
}
