import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { editedText } from "../../engines/edited-copy.ts";
import { changeNames, type NextVersion } from "../../engines/upgrade.ts";
import { knownEngines } from "../../targets/targets.ts";
import { pricesOf } from "./price.ts";

const ways = knownEngines().flatMap(({ name, folder, manifest: { upgrades = {} } }) => {
  const { plain, safe, byTheBook } = upgrades;
  const book = new URL("by-the-book/", folder).href;
  return [
    ...(plain === undefined ? [] : [{ engine: name, way: "plain", folder, ...plain }]),
    ...(safe === undefined ? [] : [{ engine: name, way: "safe", folder, ...safe }]),
    ...(byTheBook === undefined ? [] : [{ engine: name, way: "by the book", folder: book, ...byTheBook }]),
  ];
});

/** The files of a version that differ from those that are published. */
function textsOf(folder: string, { copies = [], edits }: NextVersion): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const read = (file: string) => texts.get(file) ?? readFileSync(new URL(file, folder), "utf8");
  for (const { from, to } of copies) texts.set(to, read(from));
  for (const edit of edits) texts.set(edit.file, editedText(read(edit.file), edit));
  return texts;
}

test.each(
  ways.flatMap(({ engine, way, folder, versions }) =>
    changeNames.map((change) => ({ engine, way, folder, change, version: versions[change] })),
  ),
)("$engine, $way: $change finds its places in the real code", ({ folder, version }) => {
  expect(textsOf(folder, version).size).toBeGreaterThan(0);
});

test.each(ways)("$engine, $way: every change is declared for the fleets that are played", ({ declared }) => {
  const wanted = ["backward", "forward", "mixed"];
  for (const change of changeNames) expect(Object.keys(declared[change] ?? {}).toSorted()).toEqual(wanted);
});

test("by the safe way every session ends by a version of the lifecycle", () => {
  const safe = ways.filter(({ way }) => way === "safe");
  const outcomes = safe.flatMap(({ declared }) =>
    Object.values(declared).flatMap(({ forward }) => Object.values(forward ?? {}).flat()),
  );
  expect(new Set(outcomes)).toEqual(new Set(["runs as old"]));
});

test("a way costs the lines that it puts there, and those that stay", () => {
  const change = "step-renamed";
  const nothing = Object.fromEntries(changeNames.map((name) => [name, { edits: [] }])) as never;
  const version = {
    copies: [{ from: "a.ts", to: "b.ts" }],
    edits: [{ file: "a.ts", replace: "one();\ntwo();", by: "one();\n// why\nthree();\nfour();" }],
  };
  const safe = {
    versions: { ...(nothing as object), [change]: version },
    declared: {},
    says: "",
    oldCodeStays: "",
  };
  const rows = pricesOf(
    "t",
    { versions: nothing, declared: {} },
    safe as never,
    () => "x();\n\n// y\nz();\n",
  );
  expect(rows.find((row) => row.change === change)).toMatchObject({
    plainLines: 0,
    safeLines: 2,
    oldLines: 2,
  });
});
