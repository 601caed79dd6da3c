/** A part of what a run found: that of some of its targets, by its rows. Pure. */
import type { RunFacts } from "./run-facts.ts";
import { engineBehind, hardenedOf, isByTheBook, partsOfTargetName, untunedOf } from "./target-name.ts";

/** A row that is about a target, or about an implementation, whichever target that is on. */
interface SomeRow {
  readonly target?: unknown;
  readonly against?: unknown;
  readonly implementation?: unknown;
}

/**
 * Arrays of rows without those that are about none of these targets; what is by the book goes with what is hardened, and
 * what is tuned with what is not. A row that is about no target stays.
 */
export function ofTargets<Rows extends object>(rows: Rows, chosen: readonly string[]): Rows {
  const isChosen = (target: unknown) =>
    typeof target !== "string" || chosen.includes(hardenedOf(untunedOf(target)));
  const engines = chosen.map((target) => partsOfTargetName(target).engine);
  const isOfChosen = (implementation: unknown) =>
    typeof implementation !== "string" ||
    implementation === "shared" ||
    engines.includes(engineBehind(implementation));
  const keeps = (row: SomeRow) =>
    isChosen(row.target) && isChosen(row.against) && isOfChosen(row.implementation);
  const kept = Object.entries(rows).map(([key, each]) => [
    key,
    Array.isArray(each) ? each.filter(keeps) : each,
  ]);
  return Object.fromEntries(kept) as Rows; // the same keys, and of each array some rows
}

/** The targets that ran, in the order of the run, without those by the book. */
export function targetsThatRan({ targets }: Pick<RunFacts, "targets">): readonly string[] {
  return targets.filter(({ name, status }) => status === "ran" && !isByTheBook(name)).map(({ name }) => name);
}
