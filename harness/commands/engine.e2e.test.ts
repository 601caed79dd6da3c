/** An engine that no list knows, in a folder outside the repository: it is run, and what it does not promise is measured. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readResults } from "../experiments/results.ts";
import { repositoryRoot } from "../repository.ts";

let place: string;
let folder: string;

/** A copy of the baseline under another name, which imports the ground floor by the name of the package. */
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "killproof-test-"));
  folder = join(place, "mine");
  const original = join(repositoryRoot, "implementations/redis-bullmq");
  mkdirSync(folder);
  for (const file of readdirSync(original).filter((name) => /(?<!\.test)\.ts$/.test(name))) {
    const text = readFileSync(join(original, file), "utf8");
    writeFileSync(join(folder, file), text.replaceAll('"../session/', '"killproof/session/'));
  }
  symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"), "dir");
});
afterEach(() => rmSync(place, { recursive: true }));

function manifest(text: string): void {
  mkdirSync(join(folder, "manifest"));
  writeFileSync(join(folder, "manifest/engine.ts"), text);
}

function killproof(...args: string[]) {
  const cli = join(repositoryRoot, "harness/cli.ts");
  return execa(process.execPath, [cli, ...args, "--engine", folder], {
    reject: false,
    cwd: place,
    timeout: 100_000,
  });
}

test("a manifest that names a store is enough: nothing is promised, all is measured", async () => {
  manifest('export const engine = { stores: [{ name: "redis" }] };\n');
  const { exitCode, stderr } = await killproof("crash-matrix", "--only", "record:1/after");
  expect(exitCode, stderr).toBe(0);
  const { crashMatrix, targets } = await readResults(join(place, "results/latest/results.json"));
  expect(targets).toEqual([{ name: "mine@redis", status: "ran", reason: null }]);
  expect(crashMatrix).toHaveLength(2);
  for (const { executions } of crashMatrix) expect(executions).toBeGreaterThan(1);
});

test("what it promises is judged, and the manifest finds the words for it in the package", async () => {
  manifest(
    'import { allThatKeysAllow } from "killproof/manifest";\nexport const engine = { stores: [{ name: "here", kind: "redis", guarantees: allThatKeysAllow }] };\n',
  );
  cpSync(
    join(repositoryRoot, "implementations/redis-bullmq/manifest/completion.ts"),
    join(folder, "manifest/completion.ts"),
  );
  const { exitCode, stderr } = await killproof("crash-matrix", "--only", "completion");
  expect(exitCode, stderr).toBe(0);
  const { crashMatrix } = await readResults(join(place, "results/latest/results.json"));
  expect(crashMatrix.map(({ target, verdict }) => [target, verdict])).toContainEqual(["mine@here", "pass"]);
});

test("a folder that is no engine is refused, with what to do", async () => {
  expect(await killproof("claims")).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining("has no manifest/engine.ts"),
  });
  manifest('export const engine = { stores: [{ name: "nowhere" }] };\n');
  expect(await killproof("claims")).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('names the store "nowhere"'),
  });
});
