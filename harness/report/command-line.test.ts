import { expect, test } from "vitest";
import { sampleResults } from "../testing/samples/sample-results.ts";
import { commandLineOf, withoutSecrets } from "./command-line.ts";

test.each([
  ["chaos", ["--seed", "4711"], "npm run chaos -- --seed 4711"],
  ["compare", ["--seed", "7", "--results", "my runs"], "npm run compare -- --seed 7 --results 'my runs'"],
  ["claims", [], "npm run claims"],
  ["without-a-script", ["--seed", "7"], "npm run killproof -- without-a-script --seed 7"],
  ["replay", ["it's"], "npm run replay -- 'it'\\''s'"],
])("%s %s", (command, words, line) => {
  expect(commandLineOf({ ...sampleResults.run, command, arguments: words })).toBe(line);
});

test("no password and no token is kept", () => {
  const words = ["--redis-url", "rediss://me:se:cr@et@host:6380/2", "--resonate-token", "s", "--seed", "1"];
  expect(withoutSecrets(words)).toEqual([
    ...["--redis-url", "rediss://me:***@host:6380/2", "--resonate-token", "***", "--seed", "1"],
  ]);
  const joined = ["--resonate-token=s", "--postgres-url=postgres://me:s@host/db?sslmode=require"];
  expect(withoutSecrets(joined)).toEqual([
    "--resonate-token=***",
    "--postgres-url=postgres://me:***@host/db?sslmode=require",
  ]);
});

test("no password is kept that stands among the parameters of a URL", () => {
  const words = ["--postgres-url", "postgres://host/db?user=me&password=s%26s&sslmode=require"];
  const joined = "--redis-url=redis://host:6379/0?PASSWORD=s";
  expect(withoutSecrets([...words, joined])).toEqual([
    ...["--postgres-url", "postgres://host/db?user=me&password=***&sslmode=require"],
    "--redis-url=redis://host:6379/0?PASSWORD=***",
  ]);
});

test("what holds no secret is left alone", () => {
  const words = ["--redis-url", "redis://host:6379", "--results", "a:b@c", "--resonate-url=http://host:8001"];
  expect(withoutSecrets(words)).toEqual(words);
});
