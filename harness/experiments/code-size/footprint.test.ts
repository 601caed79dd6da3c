import { expect, test } from "vitest";
import { engineOf } from "../../targets/targets.ts";
import { countedImplementations, sourcesOf } from "./count.ts";
import { footprint, packagesOf } from "./footprint.ts";

test("every concept that is declared stands in the code of its engine", async () => {
  for (const counted of countedImplementations().filter(({ name, engine }) => name === engine)) {
    const code = (await sourcesOf(counted)).join("\n");
    const missing = (engineOf(counted).concepts ?? [])
      .filter(({ word }) => !code.includes(word))
      .map(({ name }) => name);
    expect(missing, counted.name).toEqual([]);
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
