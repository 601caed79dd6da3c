import { expect, test } from "vitest";
import { sampleResults } from "./sample-results.ts";
import { summarize } from "./summary.ts";

const [first] = sampleResults.targets;
const targets = first === undefined ? [] : [first];

test("names what was violated before what stayed unknown, and what faults it was tested by", () => {
  expect(summarize(sampleResults)[1]).toBe(
    "redis-bullmq@redis: of 2 guarantees, 1 violated (recorded-once, idempotent) and 1 unknown (timer-kept, idempotent); 34 of 36 faults hit a session.",
  );
});

test("a target without a judged guarantee is not praised", () => {
  const verdicts = sampleResults.verdicts.filter((row) => !row.guaranteed);
  expect(summarize({ targets, verdicts })).toEqual(["resonate@embedded: no guarantee was judged."]);
});

test("faults of several experiments are added up once each", () => {
  const verdicts = sampleResults.verdicts.flatMap((row) => [row, { ...row, experiment: "claims" }]);
  expect(summarize({ targets, verdicts })[0]).toContain("68 of 72 faults");
});
