import { expect, test } from "vitest";
import { crashPointsNamed } from "./crash-points.ts";
import type { CrashMatrixRow } from "./rows.ts";
import { crashMatrixTables } from "./tables.ts";

const cells: readonly CrashMatrixRow[] = crashPointsNamed().map(({ row, point }) => ({
  target: "t@s",
  session: `${row}/${point}`,
  mode: "naive",
  step: row,
  point,
  landed: 1,
  suppressed: 0,
  executions: 1,
  recoveredMs: 1200,
  verdict: "pass",
  playedAgain: 0,
}));
const lastRowOf = (shown: readonly CrashMatrixRow[]) =>
  crashMatrixTables({ crashMatrix: shown })[0]?.rows.at(-1);

test("where no hook sees the last request, completion is said not to be measurable", () => {
  expect(lastRowOf(cells)?.[0]).toBe("completion");
  expect(lastRowOf(cells)?.[3]).toBe("✓ 1 in 1.2 s");
  const withoutHook = cells.filter(({ step }) => step !== "completion");
  expect(lastRowOf(withoutHook)).toEqual(["completion", ...Array(4).fill("not measurable")]);
});

test("nothing is said of points that were not asked for", () => {
  expect(lastRowOf(cells.filter(({ step }) => step === "login"))?.[0]).toBe("login");
});
