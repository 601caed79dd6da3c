import { expect, test } from "vitest";
import { declared, footprint, packagesOf, sourcesOf } from "./footprint.ts";

test("every concept that is declared stands in the code of its side", () => {
  for (const [implementation, { concepts }] of Object.entries(declared)) {
    const code = sourcesOf(implementation).join("\n");
    const missing = concepts.filter(({ word }) => !code.includes(word)).map(({ name }) => name);
    expect(missing, implementation).toEqual([]);
  }
});

test("packages are those that the code imports by name, whatever part of them", () => {
  const source = `import { a } from "b/c"; import d from "@e/f/g"; import "./h.ts"; import i from "node:fs"; import type { j } from "b";`;
  expect(packagesOf([source])).toEqual(["@e/f", "b"]);
});

test("each side needs its engine's packages, and what they bring along", () => {
  const rows = new Map(footprint().map((row) => [row.implementation, row]));
  expect(rows.get("resonate")?.packages).toEqual(["@resonatehq/sdk"]);
  expect(rows.get("redis-bullmq")?.packages).toEqual(["bullmq", "ioredis"]);
  for (const { packages, packagesInAll } of rows.values())
    expect(packagesInAll).toBeGreaterThan(packages.length);
});
