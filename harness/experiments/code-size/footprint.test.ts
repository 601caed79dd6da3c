import { expect, test } from "vitest";
import { knownEngines } from "../../targets/targets.ts";
import { footprint, packagesOf, sourcesOf } from "./footprint.ts";

test("every concept that is declared stands in the code of its engine", async () => {
  for (const engine of knownEngines()) {
    const code = (await sourcesOf(engine)).join("\n");
    const missing = (engine.manifest.concepts ?? [])
      .filter(({ word }) => !code.includes(word))
      .map(({ name }) => name);
    expect(missing, engine.name).toEqual([]);
  }
});

test("packages are those that the code imports by name, whatever part of them", () => {
  const source = `import { a } from "b/c"; import d from "@e/f/g"; import "./h.ts"; import i from "node:fs"; import type { j } from "b";`;
  expect(packagesOf([source])).toEqual(["@e/f", "b"]);
});

test("each needs its engine's packages, and what they bring along", async () => {
  const rows = new Map((await footprint()).map((row) => [row.implementation, row]));
  expect(rows.get("resonate")?.packages).toEqual(["@resonatehq/sdk", "eventsource"]);
  expect(rows.get("redis-bullmq")?.packages).toEqual(["bullmq", "ioredis"]);
  for (const { packages, packagesInAll } of rows.values())
    expect(packagesInAll).toBeGreaterThan(packages.length);
});
