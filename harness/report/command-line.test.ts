import { expect, test } from "vitest";
import { commandLineOf } from "./command-line.ts";
import { sampleResults } from "./sample-results.ts";

test.each([
  ["chaos", ["--seed", "4711"], "npm run chaos -- --seed 4711"],
  ["compare", ["--seed", "7", "--results", "my runs"], "npm run compare -- --seed 7 --results 'my runs'"],
  ["claims", [], "npm run claims"],
  ["replay", ["it's"], "npm run replay -- 'it'\\''s'"],
])("%s %s", (command, words, line) => {
  expect(commandLineOf({ ...sampleResults.run, command, arguments: words })).toBe(line);
});
