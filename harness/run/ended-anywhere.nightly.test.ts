/**
 * Runs that end at any moment, by `kill -9` or Ctrl-C, leave nothing: no process, and so no port, no temporary file, no segment of
 * shared memory. What is left is found by a variable that all processes of a run inherit, which Linux shows.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, describe, expect, test, vi } from "vitest";
import { drawsOf } from "../draw.ts";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
const implementation = fileURLToPath(new URL("../../implementations/postgres-queue", import.meta.url));
const targets = ["--targets", "redis-bullmq@redis,postgres-queue@postgres"];
const lease = ["--lease", "1000"];

/** How many moments are drawn, and the last that may be, in ms. */
const atFirst = [20, 15_000] as const;
const anywhere = [10, 150_000] as const;
/** Each lasts longer than the last of its moments. */
const commands: readonly (readonly [
  name: string,
  args: readonly string[],
  moments: number,
  lastMs: number,
])[] = [
  ["chaos", [...targets, ...lease, "--faults", "all", "--sessions", "300", "--arrivals", "60"], ...atFirst],
  ["crash-matrix", [...targets, ...lease, "--depth", "3"], ...atFirst],
  ["claims", [...targets, ...lease], ...atFirst],
  ["selftest", lease, ...atFirst],
  ["conform", [implementation, "--store", "postgres", ...lease], ...atFirst],
  ["compare", lease, ...anywhere],
];

const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
chmodSync(folder, 0o755); // root's PostgreSQL runs as somebody else
afterAll(() => rmSync(folder, { recursive: true }));
const hasProc = existsSync("/proc/self/environ");

describe.skipIf(!hasProc).each(commands)("%s", (name, args, moments, lastMs) => {
  test(`leaves nothing but a history that can be read, ended at ${moments} drawn moments`, async () => {
    const draw = drawsOf(
      25,
      commands.findIndex(([each]) => each === name),
    );
    for (let nth = 0; nth < moments; nth++) {
      const [atMs, signal] = [draw(0, lastMs), nth % 2 === 0 ? "SIGKILL" : "SIGINT"] as const;
      const temporary = join(folder, `${name}-${nth}`);
      mkdirSync(temporary);
      const segmentsBefore = segments();
      const results = join(folder, `${name}-${nth}-results`);
      const run = execa(process.execPath, [cli, name, ...args, "--results", results], {
        reject: false,
        env: { TMPDIR: temporary },
      });
      const early = await Promise.race([run.then(({ stderr }) => stderr), delay(atMs, null)]);
      expect(early, `${name} was over before ${atMs} ms`).toBeNull();
      run.kill(signal);
      await run;
      await vi.waitFor(
        () =>
          expect(
            {
              processes: processesWith(`TMPDIR=${temporary}`),
              files: readdirSync(temporary, { recursive: true }),
              segments: segments().filter((each) => !segmentsBefore.includes(each)),
            },
            `${signal} at ${atMs} ms`,
          ).toEqual({ processes: [], files: [], segments: [] }),
        { timeout: 30_000, interval: 250 },
      );
      for (const line of historyIn(results)) expect(() => JSON.parse(line), line).not.toThrow();
    }
  });
});

/** The whole lines of the history of the only run, if it had begun; the last one may be cut by a `kill -9`. */
function historyIn(results: string): readonly string[] {
  const [run = ""] = existsSync(join(results, "runs")) ? readdirSync(join(results, "runs")) : [];
  return textOf(join(results, "runs", run, "history.jsonl"))
    .split("\n")
    .slice(0, -1);
}

/** The command lines of processes that have this in their environment. */
function processesWith(variable: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => textOf(`/proc/${pid}/environ`).split("\0").includes(variable))
    .map((pid) => textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " "));
}

/** The segments of shared memory that nobody is attached to any more, by key and creator. */
function segments(): readonly string[] {
  const [head = "", ...rows] = textOf("/proc/sysvipc/shm").trim().split("\n");
  const columns = head.trim().split(/\s+/);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter((row) => row[columns.indexOf("nattch")] === "0")
    .map((row) => `${row[columns.indexOf("shmid")]} of ${row[columns.indexOf("cpid")]}`);
}

/** Empty where it is gone, or somebody else's. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
