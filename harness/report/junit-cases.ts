/**
 * What of a run a CI server should count: whatever decides the exit code, a case each. What is measured without a
 * guarantee is no case: it can neither pass nor fail.
 */
import type { VerdictValue } from "../checks/verdict.ts";
import { smallestPlanSentences } from "../experiments/chaos/smallest-plans.ts";
import { proofOf } from "../experiments/verdicts/evidence.ts";
import { foundIn } from "../experiments/verdicts/tables.ts";
import { commandLineOf } from "./command-line.ts";
import { targetsNotJudged, unknownDecides } from "./exit-code.ts";
import { milliseconds, notMeasured } from "./numbers.ts";
import type { ClaimRow, CrashMatrixRow, Results, SelftestRow, VerdictRow } from "./results-schema.ts";

export interface JunitCase {
  /** An experiment, and what was put to it; the same in every run, so that a server can show the case's past. */
  readonly suite: string;
  readonly name: string;
  /** `unknown` is an error where it decides the exit code, or else skipped. */
  readonly outcome: "passed" | "failed" | "error" | "skipped";
  /** What was found, in one line. */
  readonly found: string;
  /** What shows it, a line each. */
  readonly proof: readonly string[];
}

/** The cases of a run. One of them has failed where the exit code is 1, and has an error, and none failed, where it is 2. Pure. */
export function junitCasesOf(results: Results): readonly JunitCase[] {
  const again = `The same again: ${commandLineOf(results.run)}`;
  const cases = [
    ...targetCases(results),
    ...results.verdicts
      .filter(({ guaranteed }) => guaranteed)
      .map((row) => verdictCase(row, results.smallestPlans)),
    ...results.crashMatrix.map(cellCase),
    ...results.claims.map(claimCase),
    ...results.selftest.map(variantCase),
    ...results.falseAlarms.map(correctRunsCase),
  ];
  return cases.map((each) =>
    each.outcome === "passed" ? { ...each, proof: [] } : { ...each, proof: [...each.proof, again] },
  );
}

const outcomes = { pass: "passed", fail: "failed", unknown: "error" } as const satisfies Record<
  VerdictValue,
  JunitCase["outcome"]
>;

function targetCases(results: Results): readonly JunitCase[] {
  const notJudged = targetsNotJudged(results.run.command, results);
  return results.targets.map(({ name, status, reason }) => {
    const place = { suite: "targets", name, proof: [] };
    if (status === "unavailable") return { ...place, outcome: "error", found: `unavailable: ${reason}` };
    return notJudged.includes(name)
      ? { ...place, outcome: "error", found: "nothing was judged of it" }
      : { ...place, outcome: "passed", found: "" };
  });
}

function verdictCase(row: VerdictRow, plans: Results["smallestPlans"]): JunitCase {
  const { shown, hidden } = proofOf(row);
  const smallestPlans = plans.filter(
    ({ target, invariant, mode }) =>
      target === row.target && invariant === row.invariant && mode === row.mode,
  );
  return {
    suite: `${row.experiment} on ${row.target}`,
    name: `${row.invariant}, ${row.mode}`,
    outcome: row.verdict === "unknown" && !unknownDecides(row.experiment) ? "skipped" : outcomes[row.verdict],
    found:
      row.reason ??
      (row.violatingExposed > 0
        ? `violated by ${foundIn(row)} exposed sessions`
        : `violated: ${foundIn(row)}`),
    proof: [
      ...shown.flatMap(({ session, what, entries, hiddenEntries }) => [
        `Session ${session}: ${what}`,
        ...entries,
        ...(hiddenEntries > 0 ? [`… and ${hiddenEntries} more entries.`] : []),
      ]),
      ...(hidden > 0 ? [`… and ${hidden} more violations in results.json.`] : []),
      ...(row.verdict === "fail" ? smallestPlanSentences({ smallestPlans }) : []),
    ],
  };
}

function cellCase(row: CrashMatrixRow): JunitCase {
  const point = row.step === "completion" ? row.step : `${row.step}/${row.point}`;
  return {
    suite: `crash-matrix on ${row.target}`,
    name: `${point}, ${row.mode}`,
    outcome: outcomes[row.verdict],
    found:
      row.verdict === "unknown" ? "the crash did not happen" : "something was lost, or a guarantee broken",
    proof: [
      `Landed ${row.landed}, suppressed ${row.suppressed}, executions ${row.executions}, recovered after ${milliseconds(row.recoveredMs)}.`,
      `This case alone: npm run crash-matrix -- --only ${point} --targets ${row.target}`,
    ],
  };
}

function claimCase(row: ClaimRow): JunitCase {
  return {
    suite: `claims on ${row.target}`,
    name: row.id,
    outcome: outcomes[row.verdict],
    found: `declared: ${row.declared}; observed: ${row.observed ?? "it was not put to the test"}`,
    proof: [
      `Claimed: ${row.sentence}`,
      `Provoked: ${row.provocation}`,
      ...row.evidence.map(evidenceLine),
      `Meaning: ${row.meaning}`,
      `This claim alone: npm run claims -- --claim ${row.id} --targets ${row.target}`,
    ],
  };
}

function evidenceLine(each: ClaimRow["evidence"][number]): string {
  if (each.kind === "quote") return `${each.source}: "${each.text}"`;
  const { what, value, unit, expected } = each;
  const bounds = expected === null ? "" : `, to hold: ${expected[0]} to ${expected[1] ?? "any"}`;
  return `${what}: ${value ?? notMeasured} (${unit}${bounds})`;
}

function variantCase(row: SelftestRow): JunitCase {
  const caughtBy = row.caughtBy.length === 0 ? "nothing" : row.caughtBy.join(", ");
  return {
    suite: `selftest of ${row.of}`,
    name: row.variant,
    outcome: outcomes[row.verdict],
    found: `to be caught by ${row.expected}; caught by ${caughtBy}`,
    proof: [
      `Defect: ${row.defect}`,
      `Provoked: ${row.provocation}`,
      `Violated by ${row.violating} of ${row.provoked} sessions; of the original, by ${row.originalViolating} of ${row.originalProvoked}.`,
      `This variant alone: npm run selftest -- --variant ${row.variant}`,
    ],
  };
}

function correctRunsCase(row: Results["falseAlarms"][number]): JunitCase {
  return {
    suite: `false alarms on ${row.target}`,
    name: row.what,
    outcome: outcomes[row.verdict],
    found: `${row.alarms} alarms in ${row.runs} runs: ${row.violated.join(", ") || "none"}`,
    proof: [`${row.sessions} sessions, ${row.faults} faults, ${row.disturbed} runs disturbed.`],
  };
}
