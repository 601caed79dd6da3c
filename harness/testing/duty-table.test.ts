import { readFileSync } from "node:fs";
import { markdownTable } from "markdown-table";
import { expect, test } from "vitest";
import { knownEngines } from "../targets/targets.ts";
import { dutyTable } from "./duty-table.ts";

const engines = knownEngines();

test("the table of what users must get right in the docs is that of the manifests", () => {
  const { headers, rows } = dutyTable(engines);
  const drawn = markdownTable(
    [headers, ...rows].map((row) => [...row]),
    { alignDelimiters: false },
  );
  expect(readFileSync(new URL("../../docs/promises.md", import.meta.url), "utf8")).toContain(`\n${drawn}\n`);
});

test("every broken variant shows a duty, and no duty is said twice of one engine", () => {
  for (const { name, manifest } of engines) {
    const variants = manifest.variants ?? [];
    expect(
      variants.filter(({ duty }) => duty === undefined).map((variant) => variant.name),
      name,
    ).toEqual([]);
    const duties = [...new Set(variants.map(({ duty }) => duty))];
    expect(new Set(duties.map((duty) => duty?.says)).size, name).toBe(duties.length);
  }
});
