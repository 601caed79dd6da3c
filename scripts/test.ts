/**
 * What `npm test` runs: the chores (format and lint, types, layers, dead code) and all tests but those that take minutes; with
 * the argument `unit`, which `npm run check` gives, only those tests that start no process; with `nightly` those that take minutes. A step that fails does not stop the next, and the last line
 * counts every chore and every test as one.
 */
import { existsSync, globSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { countTests, type TestCounts } from "./vitest-counts.ts";

interface Chore {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

const root = join(import.meta.dirname, "..");

const chores: readonly Chore[] = [
  { name: "format and lint", command: "biome", arguments: ["check", "--error-on-warnings", "."] },
  { name: "types", command: "tsc", arguments: ["-p", "."] },
  { name: "types of the page", command: "tsc", arguments: ["-p", "harness/report/page"] },
  { name: "imports", command: "depcruise", arguments: ["harness", "implementations", "scripts"] },
  { name: "dead code", command: "knip", arguments: [] },
];

/** The types of the guests that are installed here; nobody else has their packages. */
function choresOfGuests(): readonly Chore[] {
  const folders = globSync("implementations/*/tsconfig.json", { cwd: root }).map(dirname).sort();
  return folders
    .filter((folder) => existsSync(join(root, folder, "node_modules")))
    .map((folder) => ({ name: `types of ${basename(folder)}`, command: "tsc", arguments: ["-p", folder] }));
}

const setupLimitMs = 15 * 60_000;
const choreLimitMs = 180_000;
const testsLimitMs = 30 * 60_000;
const nightLimitMs = 3 * 60 * 60_000;

const local = { cwd: root, preferLocal: true, localDir: root, stdin: "ignore", reject: false } as const;

/** Runs one chore; prints its output only when it failed. */
async function runChore(chore: Chore): Promise<boolean> {
  const startedAt = performance.now();
  const result = await execa(chore.command, chore.arguments, { ...local, all: true, timeout: choreLimitMs });
  const took = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  console.log(`${result.failed ? "✗" : "✓"} ${chore.name} (${took})`);
  if (result.failed) {
    console.log(result.all === "" ? result.shortMessage : result.all);
    if (result.timedOut) console.log(`${chore.name} did not end within ${choreLimitMs / 1000} s`);
  }
  return !result.failed;
}

/** Runs the tests of Vitest's projects of these names, their progress on the terminal; the counts come from its JSON reporter. */
async function runTests(projects: readonly string[]): Promise<TestCounts> {
  const folder = await mkdtemp(join(tmpdir(), "killproof-test-"));
  const reportPath = join(folder, "vitest.json");
  const timeout = projects.includes("nightly") ? nightLimitMs : testsLimitMs;
  try {
    const result = await execa(
      "vitest",
      [
        ...["run", "--reporter=default", "--reporter=json", `--outputFile.json=${reportPath}`],
        ...projects.flatMap((project) => ["--project", project]),
      ],
      {
        ...local,
        ...{ stdout: "inherit", stderr: "inherit", timeout },
        env: { GITHUB_STEP_SUMMARY: "" }, // the runs that tests make are no result of a workflow
      },
    );
    if (result.timedOut) console.log(`the tests did not end within ${timeout / 60_000} minutes`);
    const reportJson = await readFile(reportPath, "utf8").catch(() => null);
    return countTests(reportJson, !result.failed);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Only the tests of the page need a browser, so only the tests wait for one. Ends this process where it cannot be had. */
async function bringBrowser(): Promise<void> {
  const setup = await execa("sh", ["scripts/setup.sh", "chromium"], {
    ...local,
    stdin: "inherit", // where somebody can be asked for a password
    stdout: "inherit",
    stderr: "inherit",
    timeout: setupLimitMs,
  });
  if (setup.failed) process.exit(setup.exitCode ?? 70);
}

const [project] = process.argv.slice(2);
if (project === undefined) await bringBrowser();

let passed = 0;
let failed = 0;
for (const chore of [...chores, ...choresOfGuests()]) {
  if (await runChore(chore)) passed += 1;
  else failed += 1;
}
const tests = await runTests(project === undefined ? ["unit", "e2e"] : [project]);
console.log(`${tests.failed === 0 ? "✓" : "✗"} tests`);
if (tests.broken !== null) console.log(tests.broken);
if (tests.skipped > 0) console.log(`${tests.skipped} skipped`);
passed += tests.passed;
failed += tests.failed;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
