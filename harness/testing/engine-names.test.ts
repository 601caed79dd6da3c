import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { engines } from "../../implementations/index.ts";
import { repositoryRoot } from "../repository.ts";

/** Drivers of the world and of stores, which some engines use as well: no engine by themselves. */
const drivers = ["ioredis", "pg"];

const names = [...engines].flatMap(([folder, { versions = {} }]) => [folder, ...Object.values(versions)]);
const engineName = new RegExp(names.filter((name) => !drivers.includes(name)).join("|"), "i");

test("what the harness does with an engine it reads in a manifest: it names none but in stores and in tests", () => {
  const files = globSync("harness/**/*.{ts,css}", { cwd: repositoryRoot }).filter(
    (file) => !/^harness\/(stores|testing)\/|\.test\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(100);
  const naming = files.filter((file) => engineName.test(readFileSync(join(repositoryRoot, file), "utf8")));
  expect(naming).toEqual([]);
});
