/** Workers that somebody starts by hand, here on the same host: they get work, they are not killed, and they leave when the run is over. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { readResults } from "../experiments/results.ts";
import { Reaper } from "../processes/reaper.ts";
import { anyFreePorts } from "../stores/ports.ts";
import { startRedisServer } from "../stores/redis.ts";
import type { RedisServer } from "../stores/redis-replication.ts";
import type { Entry } from "../world/entry.ts";
import { redisOptions } from "../world/redis-options.ts";

const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));

/** Runs the Redis of somebody else, which holds world and store. */
let others: Reaper;
let given: StoreAddress;
let server: RedisServer;
let results: string;

beforeEach(async () => {
  others = await Reaper.start();
  results = mkdtempSync(join(tmpdir(), "killproof-test-"));
  server = await startRedisServer({
    name: "redis",
    folder: join(others.folder, "redis"),
    port: await anyFreePorts.next(),
    persistence: "none",
    spawn: (command) => others.spawnVital(command),
  });
  given = server.address;
});
afterEach(async () => {
  await others.stop();
  rmSync(results, { recursive: true });
});

function killproof(...args: string[]) {
  const url = given.url.replace("//", `//:${given.secret}@`);
  const env = { KILLPROOF_REDIS_URL: url, KILLPROOF_WORLD_URL: url };
  return execa(process.execPath, [cli, ...args], { reject: false, env, cwd: results, timeout: 100_000 });
}

test("a run waits for them, gives them work, kills its own only, and sends them away", async () => {
  const size = ["--sessions", "60", "--arrivals", "12", "--kills", "4", "--kill-alls", "0"];
  const targets = ["--targets", "redis-bullmq@redis", "--remote-workers", "2"];
  const run = killproof("chaos", ...size, ...targets, "--results", results);
  const invited = Promise.withResolvers<string>();
  run.stdout.on("data", (chunk: Buffer) => {
    const name = /--run (\S+) --target/.exec(chunk.toString())?.[1];
    if (name !== undefined) invited.resolve(name);
  });
  const anyRun = killproof("worker", "--target", "redis-bullmq@redis"); // is there first, and waits
  const named = killproof("worker", "--run", await invited.promise, "--target", "redis-bullmq@redis");
  for (const { stderr, exitCode } of await Promise.all([anyRun, named])) {
    expect(exitCode, stderr).toBe(0); // the engine may have words for a busy machine
  }
  expect((await run).exitCode).not.toBe(70);

  const [folder = ""] = readdirSync(join(results, "runs"));
  const lines = readFileSync(join(results, "runs", folder, "history.jsonl"), "utf8")
    .trim()
    .split("\n");
  const entries: Entry[] = lines.map((line) => JSON.parse(line).entry ?? JSON.parse(line));
  const remote = entries.filter((entry) => "worker" in entry && entry.worker.startsWith("remote-"));
  expect(remote.filter(({ kind }) => kind === "begin").length).toBeGreaterThan(20);
  const lives = remote.map(({ kind }) => kind).filter((kind) => kind === "ready" || kind === "exited");
  expect(lives.sort()).toEqual(["exited", "exited", "ready", "ready"]);
  const killed = entries.flatMap((entry) => (entry.kind === "fault" ? entry.workers : []));
  expect(killed.length).toBeGreaterThan(0);
  expect(killed.filter((name) => name.startsWith("remote-"))).toEqual([]);
  const { verdicts } = await readResults(join(results, "latest", "results.json"));
  expect(verdicts.filter(({ guaranteed, verdict }) => guaranteed && verdict === "fail")).toEqual([]);

  const redis = new Redis(redisOptions(given));
  expect(await redis.keys("*")).toEqual([]);
  redis.disconnect();
});

test("a run that does not exist is named", async () => {
  const { exitCode, stderr } = await killproof(
    ...["worker", "--run", "nobody-chaos", "--target", "redis-bullmq@redis"],
  );
  expect(stderr).toMatch(/No run nobody-chaos .*\n.*run first/);
  expect(exitCode).toBe(64);
});

test("a worker whose world goes away says so", async () => {
  const worker = killproof("worker", "--target", "redis-bullmq@redis");
  const redis = new Redis(redisOptions(given));
  redis.on("error", () => {}); // its server is killed
  await vi.waitFor(async () => expect(await redis.client("LIST")).toContain("cmd=keys"), 20_000);
  await server.kill();
  redis.disconnect();
  const { exitCode, stderr } = await worker;
  expect(stderr).toMatch(/The world at redis:.* is out of reach/);
  expect(exitCode).toBe(70);
});

test("workers that could reach nothing are not waited for", async () => {
  const own = execa(process.execPath, [cli, "chaos", "--workers-elsewhere", "1"], {
    reject: false,
    cwd: results,
  });
  const { exitCode, stderr } = await own;
  expect(stderr).toMatch(/cannot reach the world.*\n.*--world-url/);
  expect(exitCode).toBe(64);
});
