/** The page about dependencies names each that there is, and no other, under the licence that it has. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./reference-pages.ts";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const { packages } = JSON.parse(read("package-lock.json"));

test("docs/dependencies.md lists every direct dependency with its licence", () => {
  const { dependencies, devDependencies, optionalDependencies } = packages[""];
  const direct = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const licences = direct.map((name) => [name, packages[`node_modules/${name}`].license]);
  const rows = read("docs/dependencies.md").matchAll(/^\| (?!package|:--)(.+?) \| (.+?) \|/gm);
  const listed = [...rows].flatMap(([, names = "", licence]) =>
    names.split(", ").map((name) => [name, licence]),
  );
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(licences));
});

/** MIT and its like ask to keep a notice; MPL-2.0, of tools that no release contains, to publish changes of its own files. */
const tolerated =
  /^\(?(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BSL-1\.0|BlueOak-1\.0\.0|Zlib|Unlicense|MPL-2\.0|CC0-1\.0)(?: (?:OR|AND) (?:Apache-2\.0|BSL-1\.0|Zlib|MIT|CC0-1\.0))?\)?$/;

test("no package that is installed is under a licence that would bind who runs it", () => {
  const others = Object.entries(packages as Record<string, { license?: string }>)
    .filter(([path, { license = "" }]) => path !== "" && !tolerated.test(license))
    .map(([path, { license }]) => `${path}: ${license}`);
  expect(others).toEqual([]);
});
