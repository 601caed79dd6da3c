import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { editedText, inRepository } from "../../engines/edited-copy.ts";
import { HarnessError } from "../../errors.ts";
import { repositoryRoot } from "../../repository.ts";
import { targetsNamed } from "../../targets/targets.ts";
import { defenceOf } from "./defences.ts";
import { variantsNamed } from "./variants.ts";

const { ofEngines, ofHarness } = variantsNamed();
const variants = [
  ...ofEngines.map((variant) => ({ ...variant, edits: inRepository(variant.engine, variant.edits) })),
  ...ofHarness,
];

test.each(variants)("what $name wants to change stands in the real code, once", ({ edits }) => {
  for (const edit of edits) {
    const text = readFileSync(join(repositoryRoot, edit.file), "utf8");
    expect(editedText(text, edit)).not.toBe(text);
  }
});

test("an edit that finds its place nowhere, or twice, says so", () => {
  const edit = { file: "x.ts", replace: "b", by: "c" };
  expect(editedText("abd", edit)).toBe("acd");
  expect(() => editedText("aad", edit)).toThrow(HarnessError);
  expect(() => editedText("abb", edit)).toThrow("more than once");
});

test("names of variants are unique, and the original of each is a target", () => {
  expect(new Set(variants.map(({ name }) => name)).size).toBe(variants.length);
  for (const { of } of ofEngines) expect(targetsNamed(of)).toMatchObject([{ name: of }]);
});

test("the lines of every defence are found in the real code", () => {
  const defences = ofEngines.map(defenceOf).filter((defence) => defence !== null);
  expect(defences.map(({ name }) => name)).toEqual([
    ...[
      "everything in ctx.run",
      "absolute deadline",
      "stable key",
      "stable workflow id",
      "timeout",
      "version",
      "drain",
    ],
    ...[
      "key",
      "absolute deadline",
      "tombstone",
      "stall limit",
      "attempts",
      "token",
      "single run",
      "AOF",
      "fence",
    ],
    ...["attempts without a bound", "connections that are asked first"],
  ]);
  expect(defences.filter(({ lines }) => lines === 0)).toEqual([]);
});
