import { describe, expect, test } from "vitest";
import type { VerdictRow } from "../experiments/chaos/rows.ts";
import { reportOf } from "../experiments/report-of.ts";
import { factsAndRowsOf, type Results, resultsOf } from "../experiments/results.ts";
import { sampleResults } from "../testing/samples/sample-results.ts";
import { exitCodeOf } from "./decision.ts";

const [heldRow] = sampleResults.verdicts;
if (heldRow === undefined) throw new Error("the sample has no verdict");

const ran = [{ name: heldRow.target, status: "ran", reason: null }] as const;

/** The exit code of a run of `command` with these verdicts, each of which held but for what is said of it, and these other rows. */
function exitCode(command: string, verdicts: readonly Partial<VerdictRow>[], more: Partial<Results> = {}) {
  const { facts } = factsAndRowsOf(sampleResults);
  const results = resultsOf(
    { ...facts, run: { ...facts.run, command }, targets: ran },
    { verdicts: verdicts.map((row) => ({ ...heldRow, ...row })) },
  );
  return exitCodeOf(reportOf({ ...results, ...more }));
}

const unknown = { verdict: "unknown", reason: "no fault hit anybody" } as const;
const unavailable = { name: "x@y", status: "unavailable", reason: "not installed" } as const;

/** The first row of a kind, with a verdict of its own. */
function judged<Row>([row]: readonly Row[], verdict: "pass" | "fail" | "unknown"): readonly Row[] {
  return row === undefined ? [] : [{ ...row, verdict }];
}

describe("exitCodeOf", () => {
  test("0 when every guarantee held", () => {
    expect(exitCode("chaos", [{}])).toBe(0);
  });

  test("1 when a guarantee was violated", () => {
    expect(exitCode("chaos", [{}, { verdict: "fail" }])).toBe(1);
  });

  test("what is not guaranteed decides nothing", () => {
    const measured = [
      { guaranteed: false, verdict: "fail" },
      { guaranteed: false, ...unknown },
    ] as const;
    expect(exitCode("chaos", [{}, ...measured])).toBe(0);
  });

  test("nothing that an engine does by the book decides", () => {
    const target = "engine-by-the-book@store";
    const targets = [...ran, { name: target, status: "ran", reason: null }] as const;
    const [cell] = judged(sampleResults.crashMatrix, "fail");
    const crashMatrix = cell === undefined ? [] : [{ ...cell, target }];
    expect(exitCode("compare", [{}], { targets, crashMatrix })).toBe(0);
    expect(
      exitCode("compare", [{}], { crashMatrix: [{ ...crashMatrix[0], target: heldRow.target } as never] }),
    ).toBe(1);
  });

  test("2 when a guarantee stayed unknown under chaos, and not when it did in a short run of one kind of fault", () => {
    expect(exitCode("compare", [{}, unknown])).toBe(2);
    expect(exitCode("recovery", [{}, { ...unknown, experiment: "recovery-from-kill" }])).toBe(0);
    expect(exitCode("recovery", [{}, { verdict: "fail", experiment: "recovery-from-kill" }])).toBe(1);
  });

  test("2 when a target was unavailable", () => {
    expect(exitCode("chaos", [{}], { targets: [...ran, unavailable] })).toBe(2);
    expect(exitCode("load", [], { targets: [unavailable] })).toBe(2);
  });

  test("1 outranks 2", () => {
    expect(exitCode("chaos", [unknown, { verdict: "fail" }], { targets: [...ran, unavailable] })).toBe(1);
  });

  test("2 when nothing was judged of a target in a run that injects faults", () => {
    expect(exitCode("chaos", [])).toBe(2);
    expect(exitCode("chaos", [{ guaranteed: false }])).toBe(2);
    expect(exitCode("load", [])).toBe(0);
  });

  test("1 when a claim turned out other than declared, 2 when it proved nothing", () => {
    const { claims } = sampleResults;
    expect(exitCode("claims", [], { claims: judged(claims, "fail") })).toBe(1);
    expect(exitCode("claims", [], { claims: judged(claims, "unknown") })).toBe(2);
    expect(exitCode("claims", [], { claims: judged(claims, "pass") })).toBe(0);
  });

  test("1 when a broken variant was missed or a correct target raised an alarm", () => {
    const { selftest, falseAlarms } = sampleResults;
    const caught = judged(selftest, "pass");
    expect(exitCode("selftest", [], { selftest: caught, falseAlarms: judged(falseAlarms, "pass") })).toBe(0);
    expect(exitCode("selftest", [], { selftest: [...caught, ...judged(selftest, "fail")] })).toBe(1);
    expect(exitCode("selftest", [], { falseAlarms: judged(falseAlarms, "fail") })).toBe(1);
    expect(exitCode("selftest", [], { selftest: judged(selftest, "unknown") })).toBe(2);
  });
});
