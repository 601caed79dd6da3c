import { expect, test } from "vitest";
import { sampleResults } from "../../testing/samples/sample-results.ts";
import { lostByTheBook } from "./by-the-book.ts";
import type { VerdictRow } from "./rows.ts";

const [held] = sampleResults.verdicts.filter(({ mode }) => mode === "idempotent");
if (held === undefined) throw new Error("the sample has no verdict of idempotent sessions");

test("what an engine broke by the book stands beside what the hardened one kept, and nothing else does", () => {
  const measured = { target: "a-by-the-book@s", guaranteed: false, rate95: [0.01, 0.04] } as const;
  const verdicts: VerdictRow[] = [
    { ...held, target: "a@s", invariant: "completed" },
    { ...held, target: "a@s", invariant: "not-early" },
    { ...held, ...measured, invariant: "completed", verdict: "fail", violationCount: 6, violatingExposed: 6 },
    { ...held, ...measured, invariant: "not-early" },
  ];
  const { headers, rows } = lostByTheBook({ verdicts });
  expect(headers.slice(1)).toEqual(["a-by-the-book@s", "a@s"]);
  expect(rows).toEqual([["completed", "6 of 300: 2.0 % (1.0–4.0 %)", expect.stringMatching(/^✓ 0 of 300/)]]);
});
