import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { Redis } from "ioredis";
import { afterAll, describe, expect, test, vi } from "vitest";
import { invariantIds } from "./checks/invariants/index.ts";
import { readResults } from "./experiments/results.ts";
import { Reaper } from "./processes/reaper.ts";
import { anyFreePorts } from "./stores/ports.ts";
import { startRedisServer } from "./stores/redis.ts";
import { isRunning } from "./testing/is-running.ts";
import { sampleResults } from "./testing/samples/sample-results.ts";
import { redisOptions } from "./world/redis-options.ts";

const cli = fileURLToPath(new URL("cli.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const killproof = (args: readonly string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [cli, ...args], { reject: false, env, cwd: folder, timeout: 120_000 });

/** Small enough for a test; what it may prove is said in each. */
const small = ["--sessions", "90", "--arrivals", "9", "--kills", "5", "--kill-alls", "1"];

test("report writes the formats again that it is asked for, beside the results", async () => {
  const again = join(folder, "again");
  mkdirSync(again);
  writeFileSync(join(again, "results.json"), JSON.stringify(sampleResults));
  const { exitCode, stdout } = await killproof(["report", again, "--format", "junit"]);
  expect(readdirSync(again).sort()).toEqual(["junit.xml", "results.json"]);
  expect(stdout).toContain("Invariants under chaos");
  expect(exitCode).toBe(sampleResults.run.exitCode);
});

describe("report --compare", () => {
  const [a, b] = [join(folder, "a.json"), join(folder, "b.json")];
  const machine = { ...sampleResults.machine, cpu: "Other CPU" };
  writeFileSync(a, JSON.stringify(sampleResults));
  writeFileSync(b, JSON.stringify({ ...sampleResults, machine }));

  test("of two machines shows the verdicts, and refuses the performance with its reason", async () => {
    const { exitCode, stdout, stderr } = await killproof(["report", "--compare", a, b]);
    expect(stdout).toMatch(/verdicts are the same in both/);
    expect(stdout).not.toMatch(/^Performance/m);
    expect(stderr).toMatch(/^Performance is not compared: cpu is .*Other CPU.*\n.*--force/);
    expect(exitCode).toBe(64);
  });

  test("--force shows the performance of two machines, marked", async () => {
    const { exitCode, stdout } = await killproof(["report", "--compare", a, b, "--force"]);
    expect(stdout).toMatch(/^Performance, load \(not comparable\)$/m);
    expect(exitCode).toBe(0);
  });

  test("of one machine and the same versions shows everything", async () => {
    const { exitCode, stdout, stderr } = await killproof(["report", "--compare", a, a]);
    expect(stdout).toMatch(/^Performance, load$/m);
    expect([exitCode, stderr]).toEqual([0, ""]);
  });
});

describe("what the machine lacks ends with exit 70", () => {
  test("a port in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await vi.waitFor(() => expect(server.listening).toBe(true));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const { exitCode, stderr } = await killproof(["chaos", ...small, "--port", String(port)]);
    server.close();
    expect(stderr).toMatch(new RegExp(`Port ${port} .*in use.*\n.*--port`));
    expect(exitCode).toBe(70);
  });

  test("a port that is in use further on, which is not the implementation's fault", async () => {
    const first = await anyFreePorts.next();
    const server = createServer().listen(first + 2, "127.0.0.1");
    await vi.waitFor(() => expect(server.listening).toBe(true));
    const { exitCode, stdout, stderr } = await killproof([
      ...["conform", fileURLToPath(new URL("../implementations/redis-bullmq", import.meta.url))],
      ...["--store", "redis", "--port", String(first), "--history", folder],
    ]);
    server.close();
    expect(stderr).toMatch(new RegExp(`Port ${first + 2} .*in use`));
    expect(stdout).not.toContain("✗");
    expect(exitCode).toBe(70);
  });

  test("no redis-server", async () => {
    const { exitCode, stderr } = await killproof(["chaos", ...small], { PATH: "/nonexistent" });
    expect(stderr).toMatch(/redis-server was not found.*\n.*npm run setup/);
    expect(exitCode).toBe(70);
  });
});

describe("a small run of both targets", () => {
  test("violates no guarantee, writes its files, and is drawn from its seed alone", async () => {
    const { exitCode, stdout, stderr } = await killproof(["chaos", ...small, "--seed", "7"]);
    expect(stderr).toBe("");
    const run = realpathSync(join(folder, "results", "latest"));
    expect(readdirSync(run).sort()).toEqual([
      ...["history.jsonl", "junit.xml", "plan.json", "report.html", "report.md"],
      ...["results.csv", "results.json"],
    ]);
    const results = await readResults(join(run, "results.json"));
    // `timer-kept` bounds a time, which a busy machine may break: `compare` judges it, a test does not.
    const violated = results.verdicts.filter(({ guaranteed, verdict }) => guaranteed && verdict === "fail");
    expect(
      violated.filter(({ invariant }) => invariant !== "timer-kept"),
      stdout,
    ).toEqual([]);
    expect(exitCode).toBe(results.run.exitCode);
    expect(results.verdicts).toHaveLength(2 * 2 * invariantIds.length);
    expect(results.faults.filter(({ effective }) => effective).length).toBeGreaterThan(0);

    const replayed = await killproof(["replay", run, "--targets", "redis-bullmq@redis", "--format", "csv"]);
    expect(replayed.stderr).toBe("");
    expect(replayed.stdout).toMatch(
      new RegExp(`\\d+ of ${2 * invariantIds.length} verdicts are what they were`),
    );
    const files = readdirSync(join(folder, "results", "latest")).sort();
    expect(files).toEqual(["history.jsonl", "plan.json", "results.csv", "results.json"]);
    expect(readFileSync(join(folder, "results", "latest", "plan.json"), "utf8")).toBe(
      readFileSync(join(run, "plan.json"), "utf8"),
    );
  });

  test("leaves a readable history, no results, and no process when it is killed half-way", async () => {
    const results = join(folder, "killed");
    const subprocess = execa(process.execPath, [cli, "chaos", ...small, "--results", results], {
      reject: false,
      cwd: folder,
    });
    const history = await vi.waitFor(
      () => {
        const [run] = readdirSync(join(results, "runs"));
        const lines = readFileSync(join(results, "runs", run ?? "", "history.jsonl"), "utf8")
          .trim()
          .split("\n");
        expect(lines.length).toBeGreaterThan(200);
        return join(results, "runs", run ?? "");
      },
      { timeout: 60_000, interval: 200 },
    );
    const started = await childrenOf(subprocess.pid);
    expect(started.length).toBeGreaterThanOrEqual(5); // reaper and world; a store and its two clients, and workers
    subprocess.kill("SIGKILL");
    await vi.waitFor(() => expect(started.filter(({ pid }) => isRunning(pid))).toEqual([]), {
      timeout: 10_000,
      interval: 200,
    });
    const lines = readFileSync(join(history, "history.jsonl"), "utf8").trim().split("\n");
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty("kind");
    expect(readdirSync(history).sort()).toEqual(["history.jsonl", "plan.json"]);
  });
});

test("a store that dies by itself ends the run with exit 70, its name, and no process left", async () => {
  const results = join(folder, "dead-store");
  const subprocess = execa(process.execPath, [cli, "chaos", ...small, "--results", results], {
    reject: false,
    cwd: folder,
  });
  await vi.waitFor(() => expect(readdirSync(join(results, "runs"))).toHaveLength(1), {
    timeout: 30_000,
    interval: 200,
  });
  const store = await vi.waitFor(
    async () => {
      const found = (await childrenOf(subprocess.pid)).filter(({ command }) =>
        command.includes("server-main.ts"),
      );
      expect(found).toHaveLength(1);
      return found;
    },
    { timeout: 30_000, interval: 200 },
  );
  const started = await childrenOf(subprocess.pid);
  for (const { pid } of store) process.kill(pid, "SIGKILL");
  const { exitCode, stderr } = await subprocess;
  expect(stderr.split("\n").slice(-2)).toEqual([
    expect.stringMatching(/resonate-embedded exited unexpectedly/),
    expect.stringMatching(/run again|Last log line/),
  ]);
  expect(exitCode).toBe(70);
  await vi.waitFor(() => expect(started.filter(({ pid }) => isRunning(pid))).toEqual([]), {
    timeout: 10_000,
  });
});

test("a target that is not on this machine is named, with what installs it; the others run; exit 2", async () => {
  const results = join(folder, "unavailable");
  const targets = ["--targets", "resonate@server,resonate@embedded"];
  const { exitCode, stdout } = await killproof(
    ["crash-matrix", "--only", "login/before", ...targets, "--results", results],
    { RESONATE_BIN: join(folder, "none") },
  );
  expect(stdout).toMatch(/resonate@server is unavailable: .*brew install/);
  const { targets: listed, crashMatrix } = await readResults(join(results, "latest", "results.json"));
  expect(listed).toMatchObject([
    { name: "resonate@embedded", status: "ran" },
    { name: "resonate@server", status: "unavailable", reason: expect.stringMatching(/brew install/) },
  ]);
  expect(new Set(crashMatrix.map(({ target }) => target))).toEqual(new Set(["resonate@embedded"]));
  expect(exitCode).toBe(2);
});

test("a Redis that was given is left as it was, though the harness is killed; its password is nowhere", async () => {
  const others = await Reaper.start();
  const { address } = await startRedisServer({
    name: "redis",
    folder: join(others.folder, "redis"),
    port: await anyFreePorts.next(),
    persistence: "none",
    spawn: (command) => others.spawnVital(command),
  });
  const redis = new Redis(redisOptions(address));
  await redis.set("somebody:elses", "1");
  const results = join(folder, "given");
  const url = address.url.replace("//", `//:${address.secret}@`);
  const given = ["--targets", "redis-bullmq@redis", "--redis-url", url];
  const subprocess = execa(process.execPath, [cli, "chaos", ...small, ...given, "--results", results], {
    reject: false,
    cwd: folder,
  });
  await vi.waitFor(async () => expect((await redis.keys("killproof-*")).length).toBeGreaterThan(20), {
    timeout: 60_000,
    interval: 200,
  });
  subprocess.kill("SIGKILL");
  await vi.waitFor(async () => expect(await redis.keys("*")).toEqual(["somebody:elses"]), {
    timeout: 10_000,
    interval: 200,
  });

  const done = ["crash-matrix", "--only", "login/after", ...given, "--results", results];
  const { exitCode, stdout } = await killproof(done);
  expect(exitCode).toBe(0);
  expect(await redis.keys("*")).toEqual(["somebody:elses"]);
  const refused = await killproof(["compare", "--faults", "kill-store", ...given, "--results", results]);
  expect(refused.stderr).toMatch(/cannot take the fault "kill-store".*\n.*--faults/);
  expect(refused.exitCode).toBe(64);
  const written = readFileSync(join(results, "latest", "results.json"), "utf8");
  for (const text of [stdout, written]) expect(text).not.toContain(address.secret);
  redis.disconnect();
  await others.stop();
});

/** The processes that `pid` started and that have not exited. */
async function childrenOf(pid: number | undefined): Promise<{ pid: number; command: string }[]> {
  const { stdout } = await execa("ps", ["-A", "-o", "pid=,ppid=,args="]);
  return stdout.split("\n").flatMap((line) => {
    const [child, parent, ...command] = line.trim().split(/\s+/);
    return Number(parent) === pid ? [{ pid: Number(child), command: command.join(" ") }] : [];
  });
}
