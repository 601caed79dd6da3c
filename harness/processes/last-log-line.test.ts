import { expect, test } from "vitest";
import { lastLineOf } from "./last-log-line.ts";

test.each([
  ["nothing", [], ""],
  ["a line and blank ones", ["one", "two", "", " "], "two"],
  [
    "an error with a code",
    [
      "file:1",
      "  throw it",
      "  ^",
      "",
      "Error: gone",
      "    at a (b:1)",
      "    at c {",
      "  code: 'X'",
      "}",
      "",
      "Node.js v24.0.0",
    ],
    "Error: gone",
  ],
  ["what is no error", ["Uncaught:", "'gone'", "", "Node.js v24.0.0"], "'gone'"],
])("%s", (_, log, last) => {
  expect(lastLineOf(log)).toBe(last);
});
