/** What Ctrl-C leaves of a run: its history, and what the parts of it found that were over; and nothing else. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test, vi } from "vitest";
import { reportOf } from "../experiments/report-of.ts";
import { readResults } from "../experiments/results.ts";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const implementation = fileURLToPath(new URL("../../implementations/redis-bullmq", import.meta.url));

test.each([
  ["chaos", ["chaos", "--targets", "redis-bullmq@redis", "--sessions", "60", "--lease", "1000"], "--results"],
  ["crash-matrix", ["crash-matrix", "--targets", "redis-bullmq@redis", "--lease", "1000"], "--results"],
  ["conform", ["conform", implementation, "--store", "redis", "--lease", "1000"], "--results"],
  ["selftest", ["selftest", "--variant", "no-keys", "--lease", "1000"], "--results"],
] as const)(
  "%s ends with 130, says so last, and leaves its history and nothing else",
  async (_, command, flag) => {
    const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
    const temporary = join(folder, "tmp");
    mkdirSync(temporary);
    try {
      const run = execa(process.execPath, [cli, ...command, flag, folder], {
        reject: false,
        all: true,
        env: { TMPDIR: temporary },
        timeout: 60_000,
      });
      const history = () => {
        const [name] = readdirSync(join(folder, "runs"));
        return readFileSync(join(folder, "runs", name ?? "", "history.jsonl"), "utf8");
      };
      await vi.waitUntil(() => isThere(history) && history().includes('"kind":"begin"'), {
        timeout: 40_000,
        interval: 50,
      });
      run.kill("SIGINT");
      const { exitCode, all = "" } = await run;
      expect(all.trimEnd().split("\n").at(-1)).toContain("Interrupted. What was seen so far is in");
      expect(exitCode).toBe(130);
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test("a run of several experiments leaves the results of those that were over, and says that it is unfinished", async () => {
  const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
  try {
    const few = [
      "--sessions",
      "10",
      "--arrivals",
      "5",
      "--kills",
      "2",
      "--kill-alls",
      "0",
      "--lease",
      "1000",
    ];
    const command = ["compare", "--only", "chaos,idle-scale", "--targets", "redis-bullmq@redis", ...few];
    const run = execa(process.execPath, [cli, ...command, "--results", folder], {
      reject: false,
      timeout: 100_000,
    });
    const file = () => join(folder, "runs", readdirSync(join(folder, "runs"))[0] ?? "", "results.json");
    await vi.waitUntil(() => isThere(() => readFileSync(file(), "utf8")), { timeout: 60_000, interval: 50 });
    run.kill("SIGINT");
    expect((await run).exitCode).toBe(130);
    const results = await readResults(file());
    expect(results.run.isUnfinished).toBe(true);
    expect(results.verdicts.length).toBeGreaterThan(0);
    expect(results.idleScale).toEqual([]);
    expect(reportOf(results).sentences[0]?.text).toContain("ended before all of it was played");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function isThere(read: () => string): boolean {
  try {
    return read() !== "";
  } catch {
    return false; // nobody has written it yet
  }
}
