import { expect, test } from "vitest";
import { formatError, HarnessError, UnreadableResultsError, UsageError } from "./errors.ts";

test.each([
  [new UsageError("There is no target x.", "Choose from: y."), 64],
  [new UnreadableResultsError("a.json is damaged.", "Run again."), 64],
  [new HarnessError("The world died.", "Run again."), 70],
])("%s is told by its cause, then its fix", (error, exitCode) => {
  expect(formatError(error)).toEqual({ lines: [error.causeLine, error.fixLine], exitCode });
});

test("an error that nobody foresaw is told as a defect, in two lines, with its place and without a stack", () => {
  const told = formatError(new TypeError("x is undefined\nand more"));
  expect(told.exitCode).toBe(70);
  expect(told.lines[0]).toBe("TypeError: x is undefined");
  expect(told.lines[1]).toContain("errors.test.ts");
  expect(told.lines.join("")).not.toContain("\n");
});

test("what the machine lacks is no defect, and told with what was asked of it", () => {
  const thrown = new Error("ENOSPC: no space left on device, write '/data/history.jsonl'");
  const { lines, exitCode } = formatError(Object.assign(thrown, { code: "ENOSPC" }));
  expect(lines[0]).toContain("no space left on device, write '/data/history.jsonl'");
  expect(lines[1]).toMatch(/room.*--results.*TMPDIR/);
  expect(exitCode).toBe(70);
});

test("a thrown value that is no error is told as well", () => {
  expect(formatError("boom").lines[0]).toBe("Error: boom");
});

test("an error is named after its class and keeps what caused it", () => {
  const cause = new Error("ENOENT");
  const error = new UnreadableResultsError("a.json is missing.", "Give another path.", { cause });
  expect(error.name).toBe("UnreadableResultsError");
  expect(error.cause).toBe(cause);
});
