/**
 * Reads how many tests passed and failed from what Vitest's JSON reporter wrote. It stands apart from
 * `test.ts` because a run that broke must never look like a run in which nothing failed.
 */
import { z } from "zod";

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why `failed` holds one more than the tests that failed; null when it does not. */
  readonly broken: string | null;
}

/**
 * Counts the tests of a run. A test file that failed without a failing test (it could not be loaded, or a hook
 * threw) counts as one failure; so does a run that wrote no readable report, ran no test, or exited
 * with an error that no test explains.
 */
export function countTests(reportJson: string | null, exitedCleanly: boolean): TestCounts {
  const files = reportJson === null ? null : readReport(reportJson);
  if (files === null) {
    return { passed: 0, failed: 1, skipped: 0, broken: "Vitest left no readable report" };
  }
  const statuses = files.flatMap((file) => file.assertionResults.map((test) => test.status));
  const count = (status: string) => statuses.filter((each) => each === status).length;
  const brokenFiles = files.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  ).length;
  const passed = count("passed");
  const failed = count("failed") + brokenFiles;
  const skipped = statuses.length - passed - count("failed");
  if (failed === 0 && passed === 0) {
    return { passed, failed: 1, skipped, broken: "Vitest ran no test" };
  }
  if (failed === 0 && !exitedCleanly) {
    return { passed, failed: 1, skipped, broken: "Vitest exited with an error, though no test failed" };
  }
  return { passed, failed, skipped, broken: null };
}

function readReport(json: string) {
  try {
    return reportSchema.parse(JSON.parse(json)).testResults;
  } catch {
    return null;
  }
}
