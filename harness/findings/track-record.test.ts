import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { whyNotInstalled } from "../engines/packages.ts";
import { claimsNamed } from "../experiments/claims/list.ts";
import { variantsNamed } from "../experiments/selftest/variants.ts";
import { repositoryRoot } from "../repository.ts";
import { versions } from "../run/machine.ts";
import { knownEngines } from "../targets/targets.ts";
import { scriptOf, scriptsIn } from "./draft.ts";
import { withTrackRecord } from "./tables.ts";

const findings = knownEngines().flatMap(({ manifest }) => manifest.findings ?? []);
const read = (path: string) => readFileSync(join(repositoryRoot, path), "utf8");

test("the track record in the docs is that of the manifests; npm run findings -- --list --record writes it anew", () => {
  const document = read("docs/findings.md");
  expect(withTrackRecord(document, findings, JSON.parse(read("docs/findings.json")))).toBe(document);
});

test("every finding has an id of its own, and every commit in the record is of one that is there", () => {
  const ids = findings.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(Object.keys(JSON.parse(read("docs/findings.json")))));
});

test("every draft belongs to a finding, and every finding that is to be mended has one", () => {
  const drafts = globSync("docs/upstream/*.md", { cwd: repositoryRoot }).map((path) => basename(path));
  const named = findings.flatMap(({ draft }) => draft ?? []);
  expect(named.toSorted()).toEqual(drafts.toSorted());
  expect(findings.filter(({ status, draft }) => status === "present" && draft === undefined)).toEqual([]);
});

test("every script stands alone: it imports packages of npm, and nothing of this repository", () => {
  const scripts = findings.flatMap(({ shownBy }) =>
    shownBy.flatMap((showing) => (showing.kind === "script" ? [scriptOf(showing.draft)] : [])),
  );
  expect(scripts.length).toBeGreaterThan(10);
  for (const script of scripts) {
    expect(script).not.toMatch(/killproof|from "[./]/i);
    expect(script).toMatch(/console\.log\(["`]expected: /);
  }
});

test("a script is the block of JavaScript in a draft", () => {
  expect(scriptsIn("# T\n\n```js\nlet a;\n```\n\n```text\nx\n```\n")).toEqual(["let a;\n"]);
});

test("whoever upgrades a package looks at its findings: they name the version that is installed", () => {
  const here = knownEngines().filter(({ folder }) => whyNotInstalled(folder) === null);
  for (const { manifest, versions: packages, folder } of here) {
    const named = Object.values(packages).map((name) => [name, { name, from: folder }] as const);
    const installed = versions(Object.fromEntries(named));
    const ofPackages = (manifest.findings ?? []).filter(({ of }) => Object.values(packages).includes(of));
    for (const { id, of, version } of ofPackages) expect(`${id}: ${version}`).toBe(`${id}: ${installed[of]}`);
  }
});

test("every claim, variant and test that shows a finding is there", () => {
  for (const showing of findings.flatMap(({ shownBy }) => shownBy)) {
    if (showing.kind === "claim") expect(() => claimsNamed([showing.claim])).not.toThrow();
    if (showing.kind === "variant") expect(() => variantsNamed(showing.variant)).not.toThrow();
    if (showing.kind === "test") expect(read(showing.file)).toContain(`"${showing.name}"`);
  }
});
