import { expect, test } from "vitest";
import { sampleResults } from "../testing/sample-results.ts";
import { summarize } from "./summary.ts";

const [first] = sampleResults.targets;
const targets = first === undefined ? [] : [first];

test("names what was violated before what stayed unknown, and what faults it was tested by", () => {
  expect(summarize(sampleResults)[1]).toBe(
    "redis-bullmq@redis: of 2 guarantees, 1 violated (recorded-once, idempotent) and 1 unknown (timer-kept, idempotent); 34 of 36 faults hit a session; of 3 cells of the crash matrix, 1 unknown; of 1 claim, not as declared: crash-in-idle.",
  );
});

test("a target without a judged guarantee is not praised", () => {
  const verdicts = sampleResults.verdicts.filter((row) => !row.guaranteed);
  expect(summarize({ targets, verdicts, crashMatrix: [], claims: [] })).toEqual([
    "resonate@embedded: no guarantee was judged.",
  ]);
});

test("faults of several experiments are added up once each", () => {
  const verdicts = sampleResults.verdicts.flatMap((row) => [row, { ...row, experiment: "claims" }]);
  expect(summarize({ targets, verdicts, crashMatrix: [], claims: [] })[0]).toContain("68 of 72 faults");
});

test("a crash matrix is summed up by its cells, the failed ones first", () => {
  const cell = {
    target: "resonate@embedded",
    mode: "naive",
    session: "a",
    step: "login",
    point: "after",
  } as const;
  const counts = { landed: 2, suppressed: 0, executions: 2, recoveredMs: 900 };
  const matrix = (...verdicts: ("pass" | "fail" | "unknown")[]) =>
    summarize({
      targets,
      verdicts: [],
      claims: [],
      crashMatrix: verdicts.map((verdict) => ({ ...cell, ...counts, verdict })),
    })[0];
  expect(matrix("pass", "pass")).toBe("resonate@embedded: of 2 cells of the crash matrix, all passed.");
  expect(matrix("unknown", "fail", "pass")).toBe(
    "resonate@embedded: of 3 cells of the crash matrix, 1 failed and 1 unknown.",
  );
});

test("the selftest is summed up by what was missed and by its alarms, and says nothing of targets that were not judged", () => {
  const { selftest, falseAlarms } = sampleResults;
  const results = { targets, verdicts: [], crashMatrix: [], claims: [], selftest, falseAlarms };
  expect(summarize(results)).toEqual([
    "Of 2 broken variants, not caught as expected: no-fence.",
    "1 false alarm in 70 runs of correct targets, 1400 sessions.",
  ]);
});
