import { describe, expect, test } from "vitest";
import { countTests } from "./vitest-counts.ts";

function report(...files: readonly { status: string; tests: readonly string[] }[]): string {
  return JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((each) => ({ status: each })),
    })),
  });
}

describe("countTests", () => {
  test("counts each test by its status", () => {
    const json = report(
      { status: "failed", tests: ["passed", "failed", "skipped"] },
      { status: "passed", tests: ["passed", "todo"] },
    );
    expect(countTests(json, false)).toEqual({ passed: 2, failed: 1, skipped: 2, broken: null });
  });

  test("counts a file that could not be loaded as one failure", () => {
    const json = report({ status: "failed", tests: [] }, { status: "passed", tests: ["passed"] });
    expect(countTests(json, false)).toMatchObject({ passed: 1, failed: 1, broken: null });
  });

  test("counts a file whose hook threw after its tests had passed as one failure", () => {
    const json = report({ status: "failed", tests: ["passed"] });
    expect(countTests(json, false)).toMatchObject({ passed: 1, failed: 1 });
  });

  test.each([
    ["no report", null, true, "no readable report"],
    ["half a report", '{"testResults":[', true, "no readable report"],
    ["a report of another shape", "{}", true, "no readable report"],
    ["a report without a test", report(), true, "ran no test"],
    ["only skipped tests", report({ status: "passed", tests: ["skipped"] }), true, "ran no test"],
    [
      "an exit that no test explains",
      report({ status: "passed", tests: ["passed"] }),
      false,
      "exited with an error",
    ],
  ])("counts %s as a failure and says why", (_what, json, exitedCleanly, why) => {
    const counts = countTests(json, exitedCleanly);
    expect(counts.failed).toBe(1);
    expect(counts.broken).toContain(why);
  });
});
