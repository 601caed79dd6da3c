/** What a process exits with after a run: the results, boiled down to one number. */
import type { VerdictValue } from "../checks/verdict.ts";
import type { Results } from "./results-schema.ts";

type Judged = Pick<Results["crashMatrix"][number], "target" | "verdict">;

/** What of the results decides. */
export interface Decisive extends Pick<Results, "targets" | "verdicts"> {
  readonly crashMatrix: readonly Judged[];
  readonly claims: readonly Judged[];
  readonly selftest?: readonly Pick<Judged, "verdict">[];
  readonly falseAlarms?: readonly Pick<Judged, "verdict">[];
}

export type ResultsExitCode = 0 | 1 | 2;

/** Commands and experiments that inject faults: where one of these proves nothing, that is a finding of its own. */
const faultInjecting: ReadonlySet<string> = new Set([
  "compare",
  "chaos",
  "crash-matrix",
  "claims",
  "recovery",
  "replay",
]);

/**
 * The exit code of a run of `command`. Pure.
 *
 * 1: a guarantee was violated, a claim turned out other than declared, a broken variant was missed, or a correct target
 * raised an alarm. 2: a guarantee that faults should have
 * tested stayed unknown, a target was unavailable, or nothing at all was judged of one. 0: everything held. 1
 * outranks 2. What is measured without a guarantee decides nothing.
 */
export function exitCodeOf(command: string, results: Decisive): ResultsExitCode {
  const values = decisiveValues(results);
  if (values.includes("fail")) return 1;
  if (values.includes("unknown")) return 2;
  if (results.targets.some(({ status }) => status === "unavailable")) return 2;
  return targetsNotJudged(command, results).length > 0 ? 2 : 0;
}

/**
 * Whether a guarantee that stayed unknown in this experiment decides anything. The runs of `recovery`, each an experiment of
 * its own, are short and hold one kind of fault, which exposes few invariants: only their violations decide. Pure.
 */
export function unknownDecides(experiment: string): boolean {
  return faultInjecting.has(experiment);
}

/** The targets of a run of `command` that should have been judged and were not. Pure. */
export function targetsNotJudged(command: string, results: Decisive): readonly string[] {
  return faultInjecting.has(command) ? targetsWithoutVerdict(results) : [];
}

function decisiveValues({
  verdicts,
  crashMatrix,
  claims,
  selftest = [],
  falseAlarms = [],
}: Decisive): readonly VerdictValue[] {
  const guaranteed = verdicts
    .filter((row) => row.guaranteed)
    .filter((row) => row.verdict !== "unknown" || unknownDecides(row.experiment));
  return [...guaranteed, ...crashMatrix, ...claims, ...selftest, ...falseAlarms].map((row) => row.verdict);
}

function targetsWithoutVerdict({ targets, verdicts, crashMatrix, claims }: Decisive): readonly string[] {
  const judged = [...verdicts.filter((row) => row.guaranteed), ...crashMatrix, ...claims].map(
    (row) => row.target,
  );
  return targets.map(({ name }) => name).filter((name) => !judged.includes(name));
}
