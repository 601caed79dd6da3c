import { describe, expect, test } from "vitest";
import { sampleResults } from "../testing/sample-results.ts";
import { type Decisive, exitCodeOf } from "./exit-code.ts";
import type { VerdictRow } from "./results-schema.ts";

const [heldRow] = sampleResults.verdicts;
if (heldRow === undefined) throw new Error("the sample has no verdict");

function results(rows: readonly Partial<VerdictRow>[], more: Partial<Decisive> = {}): Decisive {
  return {
    targets: [{ name: heldRow?.target ?? "", status: "ran", reason: null }],
    verdicts: rows.map((row) => ({ ...(heldRow as VerdictRow), ...row })),
    crashMatrix: [],
    claims: [],
    ...more,
  };
}

const unknown = { verdict: "unknown", reason: "no fault hit anybody" } as const;
const unavailable = { name: "x@y", status: "unavailable", reason: "not installed" } as const;
const claim = { id: "c", target: heldRow.target, declared: "covered", evidence: [] };

describe("exitCodeOf", () => {
  test("0 when every guarantee held", () => {
    expect(exitCodeOf("chaos", results([{}]))).toBe(0);
  });

  test("1 when a guarantee was violated", () => {
    expect(exitCodeOf("chaos", results([{}, { verdict: "fail" }]))).toBe(1);
  });

  test("what is not guaranteed decides nothing", () => {
    const measured = [
      { guaranteed: false, verdict: "fail" },
      { guaranteed: false, ...unknown },
    ] as const;
    expect(exitCodeOf("chaos", results([{}, ...measured]))).toBe(0);
  });

  test("2 when a guarantee stayed unknown in an experiment that injects faults", () => {
    expect(exitCodeOf("compare", results([{}, unknown]))).toBe(2);
  });

  test("0 when it stayed unknown in an experiment without faults", () => {
    expect(exitCodeOf("load", results([{}, { ...unknown, experiment: "load" }]))).toBe(0);
  });

  test("2 when a target was unavailable", () => {
    const targets = [...results([]).targets, unavailable];
    expect(exitCodeOf("chaos", results([{}], { targets }))).toBe(2);
    expect(exitCodeOf("code-size", results([], { targets: [unavailable] }))).toBe(2);
  });

  test("1 outranks 2", () => {
    const targets = [...results([]).targets, unavailable];
    expect(exitCodeOf("chaos", results([unknown, { verdict: "fail" }], { targets }))).toBe(1);
  });

  test("2 when nothing was judged of a target in a run that injects faults", () => {
    expect(exitCodeOf("chaos", results([]))).toBe(2);
    expect(exitCodeOf("chaos", results([{ guaranteed: false }]))).toBe(2);
    expect(exitCodeOf("code-size", results([]))).toBe(0);
  });

  test("1 when a claim turned out other than declared, 2 when it proved nothing", () => {
    expect(exitCodeOf("claims", results([], { claims: [{ ...claim, verdict: "fail" }] }))).toBe(1);
    expect(exitCodeOf("claims", results([], { claims: [{ ...claim, verdict: "unknown" }] }))).toBe(2);
    expect(exitCodeOf("claims", results([], { claims: [{ ...claim, verdict: "pass" }] }))).toBe(0);
  });

  test("1 when a broken variant was missed or a correct target raised an alarm", () => {
    const row = (verdict: "pass" | "fail" | "unknown") => [{ verdict: "pass" as const }, { verdict }];
    expect(exitCodeOf("selftest", results([], { selftest: row("pass"), falseAlarms: row("pass") }))).toBe(0);
    expect(exitCodeOf("selftest", results([], { selftest: row("fail") }))).toBe(1);
    expect(exitCodeOf("selftest", results([], { falseAlarms: row("fail") }))).toBe(1);
    expect(exitCodeOf("selftest", results([], { selftest: row("unknown") }))).toBe(2);
  });
});
