import { expect, test } from "vitest";
import type { Finding } from "../engines/finding.ts";
import type { ClaimRow } from "../experiments/claims/rows.ts";
import type { SelftestRow } from "../experiments/selftest/rows.ts";
import {
  exitCodeOf,
  notPlayed,
  type Outcome,
  outcomeOfClaim,
  outcomeOfScript,
  outcomeOfTest,
  outcomeOfVariant,
  reproduces,
  together,
  undecided,
} from "./outcome.ts";

const gone: Outcome = { kind: "gone", says: "one start" };
const finding: Finding = {
  id: "lost",
  of: "engine",
  version: "1.0.0",
  what: "It loses.",
  shownBy: [],
  takesS: 1,
  status: "present",
};

test.each([
  [1, ["expected: one", "actual: two"], "reproduces"],
  [0, ["expected: one", "actual: one"], "gone"],
  [1, ["Error: no such module"], "undecided"],
  [null, ["actual: two"], "undecided"],
])("a script that exits with %s after %j: %s", (exitCode, lines, kind) => {
  expect(outcomeOfScript(exitCode, lines).kind).toBe(kind);
});

const figure = {
  kind: "figure",
  what: "executions of a step",
  value: 2,
  unit: "count",
  expected: null,
} as const;
const claimRow: ClaimRow = {
  id: "kept",
  target: "engine@store",
  sentence: "It is kept.",
  provocation: "A kill.",
  declared: "does-not-hold",
  observed: "does-not-hold",
  verdict: "pass",
  evidence: [{ kind: "quote", source: "log", text: "lost" }, figure],
  playedAgain: 0,
  meaning: "Keep it.",
};
const ofClaim = (row: Partial<ClaimRow>, shows: Parameters<typeof outcomeOfClaim>[2]) =>
  outcomeOfClaim({ claims: [{ ...claimRow, ...row }] }, "engine@store", shows);

test("a claim shows a finding by how it turned out", () => {
  expect(ofClaim({}, { outcome: "does-not-hold" })).toEqual(reproduces);
  expect(ofClaim({ observed: "holds" }, { outcome: "does-not-hold" }).kind).toBe("gone");
  expect(ofClaim({ observed: null }, { outcome: "does-not-hold" }).kind).toBe("undecided");
  expect(outcomeOfClaim({ claims: [] }, "engine@store", { outcome: "holds" }).kind).toBe("undecided");
});

test("a claim shows a finding by a figure", () => {
  const shows = { figure: "executions", from: 2 };
  expect(ofClaim({}, shows)).toEqual(reproduces);
  expect(ofClaim({ evidence: [{ ...figure, value: 1 }] }, shows)).toEqual({
    kind: "gone",
    says: "executions of a step: 1",
  });
  expect(ofClaim({ evidence: [{ ...figure, value: null }] }, shows).kind).toBe("undecided");
  expect(ofClaim({ evidence: [] }, shows).kind).toBe("undecided");
});

const selftestRow = { variant: "no-keys", expected: "recorded-once", provoked: 4 } as SelftestRow; // all that is read

test.each([
  ["pass", "reproduces"],
  ["fail", "gone"],
  ["unknown", "undecided"],
] as const)("a variant whose verdict is %s: %s", (verdict, kind) => {
  expect(outcomeOfVariant({ selftest: [{ ...selftestRow, verdict }] }, "no-keys").kind).toBe(kind);
});

test("a variant that was not played decides nothing", () => {
  expect(outcomeOfVariant({ selftest: [] }, "no-keys").kind).toBe("undecided");
});

test.each([
  ["passed", "reproduces"],
  ["failed", "gone"],
  ["skipped", "undecided"],
])("a test that %s: %s", (status, kind) => {
  const report = { testResults: [{ assertionResults: [{ title: "it loses", status }] }] };
  expect(outcomeOfTest(report, "it loses").kind).toBe(kind);
  expect(outcomeOfTest(report, "another").kind).toBe("undecided");
});

test("a run of tests that wrote no report decides nothing", () => {
  expect(outcomeOfTest(null, "it loses").kind).toBe("undecided");
});

test("all showings must show a finding", () => {
  expect(together([reproduces, reproduces])).toEqual(reproduces);
  expect(together([reproduces, undecided("late"), gone])).toEqual(gone);
  expect(together([reproduces, undecided("late")])).toEqual(undecided("late"));
});

test.each<[string, readonly Outcome[], number]>([
  ["all reproduce", [reproduces, reproduces], 0],
  ["one is not played", [reproduces, notPlayed("no server")], 0],
  ["one is gone", [reproduces, undecided("late"), gone], 1],
  ["one is undecided", [reproduces, undecided("late")], 2],
  ["none is played", [notPlayed("no server")], 2],
])("exit code where %s", (_, outcomes, code) => {
  expect(exitCodeOf(outcomes.map((outcome) => ({ finding, outcome })))).toBe(code);
});

test("a finding that was mended is as declared where it is gone, and not where it is back", () => {
  const mended: Finding = { ...finding, status: "mended in 1.1.0" };
  expect(exitCodeOf([{ finding: mended, outcome: gone }])).toBe(0);
  expect(exitCodeOf([{ finding: mended, outcome: reproduces }])).toBe(1);
});
