import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("bad input ends with exit 64 and says what to do", () => {
  const otherVersion = join(folder, "other.json");
  writeFileSync(otherVersion, JSON.stringify({ schemaVersion: 999 }));
  const damaged = join(folder, "damaged.json");
  const resonate = fileURLToPath(new URL("../../implementations/resonate", import.meta.url));
  writeFileSync(damaged, '{"schemaVersion":');

  test.each([
    ["an unknown command", ["choas"], /unknown command 'choas'/],
    ["an unknown flag", ["chaos", "--sead", "7"], /unknown option '--sead'/],
    [
      "an unknown target",
      ["chaos", "--targets", "resonate@moon"],
      /Unknown target "resonate@moon".*\n.*resonate@embedded/,
    ],
    [
      "a folder that is no implementation",
      ["conform", folder, "--store", "redis"],
      /no implementation.*\n.*implementations\/resonate/,
    ],
    ["no target", ["chaos", "--targets", ""], /\n.*redis-bullmq@redis/],
    [
      "an unknown crash point",
      ["crash-matrix", "--only", "logout"],
      /Unknown crash point "logout".*\n.*login\/before/,
    ],
    [
      "a claim that does not concern a target",
      ["claims", "--claim", "embedded-default", "--targets", "redis-bullmq@redis"],
      /not concerned by embedded-default.*\n.*--targets/,
    ],
    [
      "a results folder below a file",
      ["chaos", "--results", join(damaged, "below")],
      /cannot be written.*\n.*--results/,
    ],
    [
      "a results folder that nobody can write to",
      ["chaos", "--results", "/proc/nowhere"],
      /cannot be written.*\n.*--results/,
    ],
    [
      "the same of conform, whose flag it is too",
      ["conform", resonate, "--store", "embedded", "--results", join(damaged, "below")],
      /cannot be written.*\n.*--results/,
    ],
    ["an unknown claim", ["claims", "--claim", "magic"], /Unknown claim "magic".*\n.*crash-in-idle/],
    ["an unknown fault", ["chaos", "--faults", "kill,kil"], /Unknown fault "kil".*\n.*kill-all, terminate/],
    ["a fault without a weight", ["chaos", "--faults", "kill:0"], /"0" is no weight/],
    ["an unknown profile", ["compare", "--profile", "tiny"], /'tiny' is invalid.*quick, standard/],
    ["a count of 0", ["chaos", "--sessions", "0"], /whole number from 1/],
    ["a seed that is no number", ["chaos", "--seed", "abc"], /whole number from 0/],
    [
      "a durability that a store has not",
      ["chaos", "--targets", "resonate@server-sqlite", "--durability", "fsync"],
      /resonate@server-sqlite has no durability "fsync": .*checkpoints.*\n.*--durability process/,
    ],
    [
      "a URL of another kind of store",
      ["chaos", "--redis-url", "http://:secret@localhost"],
      /^(?!.*secret).*--redis-url.*\n.*rediss:/s,
    ],
    [
      "an SQL file that is not there",
      ["chaos", "--resonate-sql", join(folder, "none")],
      /none does not exist.*\n.*--resonate-sql/,
    ],
    ["a results file of another schema version", ["report", otherVersion], /schema version 999.*\n.*commit/],
    ["a damaged results file", ["report", damaged], /is damaged/],
    ["a results file that is not there", ["report", join(folder, "none")], /does not exist/],
    ["an unknown format", ["chaos", "--format", "md,pdf"], /no format "pdf".*\n.*md, html, junit, csv/],
    [
      "one result to compare",
      ["report", "--compare", otherVersion],
      /takes two results, not 1.*\n.*--compare A B/,
    ],
    [
      "a result beside two to compare",
      ["report", otherVersion, "--compare", otherVersion, otherVersion],
      /not among what --compare compares.*\n.*--compare A B/,
    ],
    ["a plan that is not there", ["replay", join(folder, "none")], /does not exist/],
    ["a damaged plan", ["replay", damaged], /is damaged/],
    ["a plan of another version", ["replay", otherVersion], /a plan of version 999.*\n.*commit that drew it/],
  ])("%s", async (_, args, message) => {
    const { exitCode, stderr } = await execa(process.execPath, [cli, ...args], {
      reject: false,
      cwd: folder,
    });
    expect(stderr).toMatch(message);
    expect(stderr.split("\n")).toHaveLength(2);
    expect(exitCode).toBe(64);
  });
});
