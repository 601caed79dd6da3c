/** What each target promises under each fault, as a table: the declared guarantees, for people. */
import { isGuaranteed, whatKeysProvide } from "../checks/guarantees.ts";
import { type InvariantId, invariantIds } from "../checks/invariants/index.ts";
import { faultKinds } from "../faults/kinds/faults.ts";
import { sessionModeSchema } from "../plan/plan-schema.ts";
import type { Table } from "../report/table.ts";
import type { Target } from "../run/target.ts";

/** A fault a row, a target and mode a column. Pure. */
export function guaranteeTable(targets: readonly Pick<Target, "name" | "guarantees">[]): Table {
  const columns = targets.flatMap((target) => sessionModeSchema.options.map((mode) => ({ target, mode })));
  return {
    title: "What each target promises",
    headers: ["fault", ...columns.map(({ target, mode }) => `${target.name}, ${mode}`)],
    rows: faultKinds.map((fault) => [
      fault,
      ...columns.map(({ target, mode }) => {
        const missing = invariantIds.filter(
          (invariant) => !isGuaranteed(target.guarantees, invariant, fault, mode),
        );
        return missing.length === 0 ? "all" : `all but ${namesOf(missing).join(", ")}`;
      }),
    ]),
    note: `What keys provide: ${whatKeysProvide.join(", ")}.`,
  };
}

function namesOf(invariants: readonly InvariantId[]): readonly string[] {
  if (!whatKeysProvide.every((invariant) => invariants.includes(invariant))) return invariants;
  return ["what keys provide", ...invariants.filter((invariant) => !whatKeysProvide.includes(invariant))];
}
