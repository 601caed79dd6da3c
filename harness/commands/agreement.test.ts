import { expect, test } from "vitest";
import { sampleResults } from "../testing/samples/sample-results.ts";
import { agreementOf } from "./agreement.ts";

const { verdicts, versions } = sampleResults;

test("a replay that says the same agrees in every verdict", () => {
  expect(agreementOf(sampleResults, sampleResults)).toEqual([
    `${verdicts.length} of ${verdicts.length} verdicts are what they were.`,
  ]);
});

test("a verdict that differs and a version that changed are named", () => {
  const [first, ...others] = verdicts;
  if (first === undefined) throw new Error("the sample has no verdict");
  const again = {
    verdicts: [{ ...first, verdict: "fail" as const }, ...others],
    versions: { ...versions, bullmq: "7.0.0" },
  };
  expect(agreementOf(sampleResults, again)).toEqual([
    `${verdicts.length - 1} of ${verdicts.length} verdicts are what they were.`,
    "recorded-once on resonate@embedded, idempotent: pass then, fail now.",
    "bullmq was 6.7.0 then, is 7.0.0 now.",
  ]);
});

test("a replay on other targets agrees in nothing", () => {
  expect(agreementOf(sampleResults, { verdicts: [], versions: {} })).toEqual([
    "Nothing was judged that the earlier run judged too.",
  ]);
});
