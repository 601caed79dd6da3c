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

test("a thrown value that is no error is told as well", () => {
  expect(formatError("boom").lines[0]).toBe("Error: boom");
});

test("an error is named after its class and keeps what caused it", () => {
  const cause = new Error("ENOENT");
  const error = new UnreadableResultsError("a.json is missing.", "Give another path.", { cause });
  expect(error.name).toBe("UnreadableResultsError");
  expect(error.cause).toBe(cause);
});
