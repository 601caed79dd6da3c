/** What is told of a night that failed, and to whom. `gh` is a script here that writes down what it was told: nobody tests on real issues. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { reportOf } from "../harness/experiments/report-of.ts";
import { type Results, writeResults } from "../harness/experiments/results.ts";
import { commandLineOf } from "../harness/report/command-line.ts";
import { sampleResults } from "../harness/testing/samples/sample-results.ts";
import { nightlyText } from "./nightly-text.ts";

const night = {
  jobs: { test: "success", compare: "failure" },
  url: "https://github.com/somebody/killproof/actions/runs/17",
  commit: "89abcdef",
};
const failed: Results = { ...sampleResults, run: { ...sampleResults.run, leaseMs: 2000 } };

describe("the text", () => {
  test("of a run that failed has its seed, its lease, its commit, what did not hold, and the line that makes it again", () => {
    const text = nightlyText({ ...night, run: reportOf(failed) });
    expect(text).toContain("`compare` failure");
    expect(text).toContain(night.url);
    expect(text).toContain("Commit: 89abcdef");
    expect(text).toContain("Seed 4711, lease 2000 ms, profile quick");
    expect(text).toContain("exit code 1");
    expect(text).toContain("chaos on redis-bullmq@redis: recorded-once, idempotent: violated by 2 of");
    expect(text).toContain("unavailable: resonate@server: resonate was not found");
    expect(text).toContain(`\`\`\`sh\n${commandLineOf(failed.run)}\n\`\`\``);
  });

  test("names no more of what failed than anybody reads, and counts the rest", () => {
    const { verdicts } = failed;
    const [, , violated] = verdicts;
    if (violated === undefined) throw new Error("the sample has lost its violated verdict");
    const many = Array.from({ length: 60 }, (_, index) => ({ ...violated, experiment: `part-${index}` }));
    const text = nightlyText({ ...night, run: reportOf({ ...failed, verdicts: many }) });
    expect(text.match(/^part-\d+ on/gm)?.length).toBe(20);
    expect(text).toMatch(/… and \d+ more\./);
  });

  test("of a run that wrote no results has what is known of it", () => {
    const run = { name: "2026-03-01T12-00-00Z-4711", seed: 4711, leaseMs: 1000 };
    const text = nightlyText({ ...night, run });
    expect(text).toContain("Seed 4711, lease 1000 ms; run 2026-03-01T12-00-00Z-4711 left no results");
    expect(text).toContain("npm run compare -- --seed 4711 --lease 1000 --profile standard");
  });

  test("of a night without a run says so, and names no command", () => {
    const text = nightlyText({ ...night, run: null });
    expect(text).toContain("No run of `compare` was begun.");
    expect(text).not.toContain("```");
  });
});

describe("the script", () => {
  let folder: string;
  let run: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "killproof-nightly-"));
    run = join(folder, "2026-03-01T12-00-00Z-4711");
    mkdirSync(run);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function script(words: readonly string[], env: Record<string, string> = {}) {
    return execa(process.execPath, [join(import.meta.dirname, "nightly-issue.ts"), ...words], {
      reject: false,
      env,
    });
  }

  /** A `gh` of which `issue list` says this; resolves with the exit code of the script and with what it told `gh`, a call a line. */
  async function withGh(openIssue: string, exits = 0) {
    const calls = join(folder, "calls");
    writeFileSync(calls, "");
    const lines = ["#!/bin/sh", `echo "$@" >> '${calls}'`, `[ "$2" = list ] && echo "${openIssue}"`];
    writeFileSync(join(folder, "gh"), `${[...lines, `exit ${exits}`].join("\n")}\n`, { mode: 0o755 });
    const { exitCode, stderr } = await script([run], {
      PATH: [folder, process.env.PATH].join(delimiter),
    });
    return { exitCode, stderr, calls: readFileSync(calls, "utf8").trim().split("\n") };
  }

  test("prints in a dry run what it would send", async () => {
    await writeResults(join(run, "results.json"), failed);
    const { stdout, exitCode } = await script(["--dry-run", run], { GITHUB_SHA: "89abcdef", PATH: "" });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("The nightly run failed (label nightly)");
    expect(stdout).toContain(commandLineOf(failed.run));
  });

  test("takes the seed of a run that came to no plan from the name of its folder", async () => {
    expect((await script(["--dry-run", run])).stdout).toContain("npm run compare -- --seed 4711");
  });

  test("opens an issue where none is open", async () => {
    const { exitCode, calls } = await withGh("");
    expect(exitCode).toBe(0);
    expect(calls.map((call) => call.split(" ").slice(0, 2).join(" "))).toEqual([
      "issue list",
      "label create",
      "issue create",
    ]);
  });

  test("comments on the one that is open, and opens no second one", async () => {
    const { exitCode, calls } = await withGh("12");
    expect(exitCode).toBe(0);
    expect(calls).toEqual([
      expect.stringContaining("issue list --label nightly"),
      expect.stringContaining("issue comment 12"),
    ]);
  });

  test("fails nothing where it is not let, and says why", async () => {
    const { exitCode, stderr } = await withGh("", 4);
    expect(stderr).toContain("The issue was not filed.");
    expect(stderr).toContain("exit code 4");
    expect(exitCode).toBe(0);
  });
});
