/** What reviewers who know the engine found, each on a Redis of its own; B1 to B6 are their numbers. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openProxy } from "../../harness/faults/network-proxy/proxy.ts";
import { Reaper } from "../../harness/processes/reaper.ts";
import { anyFreePorts } from "../../harness/stores/ports.ts";
import { startRedisStore } from "../../harness/stores/redis.ts";
import type { Store } from "../../harness/stores/store.ts";
import { startUnderTest } from "../../harness/testing/store-under-test.ts";
import { NoopWorld } from "../../harness/world/noop-world.ts";
import type { Deployment } from "../session/contract.ts";
import type { SessionSpec } from "../session/spec.ts";
import { connectClient } from "./client.ts";
import { connectionOptions, queuePrefix } from "./connection.ts";
import { ForgottenError, SessionRows } from "./session-row.ts";
import { startWorker } from "./worker.ts";

const spec: SessionSpec = { sessionId: "one", userId: "user", activities: [], idleTimeoutMs: 700 };
const key = "sessions:session:one";

/** A world that counts executions. */
class CountingWorld extends NoopWorld {
  readonly begun: string[] = [];
  override begin(...[session, step, fence]: Parameters<NoopWorld["begin"]>) {
    this.begun.push(step);
    return super.begin(session, step, fence);
  }
}

/** Until something is so that comes about by itself. */
const wait = { timeout: 20_000, interval: 50 };

let reaper: Reaper;
let store: Store;
let deployment: Deployment;
let redis: Redis;
let rows: SessionRows;
let queue: Queue;
let world: CountingWorld;
const open: { close(): unknown }[] = [];

beforeEach(async () => {
  reaper = await Reaper.start();
  ({ store } = await startUnderTest(reaper, startRedisStore, "process"));
  deployment = { store: store.address, group: "sessions", leaseMs: 1_000, retryDelayMs: 50 };
  const connection = connectionOptions(store.address);
  redis = new Redis({ ...connection, reconnectOnError: null }); // it takes a No for an answer
  rows = new SessionRows(connection, "sessions");
  queue = new Queue("sessions", { connection, prefix: queuePrefix(store.address) });
  world = new CountingWorld(new Uint8Array(32));
  return async () => {
    for (const each of open.splice(0).toReversed()) await each.close();
    await queue.close();
    rows.close();
    redis.disconnect();
    await reaper.stop();
  };
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function withWorker(): Promise<void> {
  const worker = await startWorker({ ...deployment, world, incarnation: "w", concurrency: 5 });
  open.push({ close: () => worker.stop() });
}

async function withClient() {
  const client = await connectClient(deployment);
  open.push(client);
  return client;
}

test("B1: a worker whose clock is ahead of Redis's starts a session's job for its wake, and not again and again before", async () => {
  const now = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => now() + 300);
  await withWorker();
  await (await (await withClient()).start(spec)).result();
  expect(Number(await redis.hget(key, "fence"))).toBeLessThanOrEqual(3);
});

test("B2: a job that is left when its session's row is gone ends, and runs nothing", async () => {
  await (await withClient()).start(spec);
  await redis.del(key);
  await withWorker();
  await expect.poll(() => queue.getJob("s-one")).toBeUndefined();
  expect(world.begun).toEqual([]);
});

test("B3: a session whose job was taken away goes on when its id is started again, or when whoever waits looks again", async () => {
  const client = await withClient();
  const handle = await client.start(spec);
  await queue.remove("s-one");
  await withWorker();
  const result = handle.result(); // looks again after ten seconds
  expect(await result).toMatchObject({ finalStatus: "cleaned_up" });
  const other = await client.start({ ...spec, sessionId: "two" });
  await queue.remove("s-two");
  await client.start({ ...spec, sessionId: "two" });
  expect(await other.result()).toMatchObject({ sessionId: "two" });
});

test("B3: also where the clock of whoever adds it again is behind", async () => {
  const client = await withClient();
  const handle = await client.start(spec);
  await withWorker();
  await expect.poll(() => redis.hget(key, "fence")).toBe("1");
  await queue.remove("s-one").catch(() => {}); // it may be under way
  const now = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => now() - 60_000);
  await client.start(spec);
  expect(await handle.result()).toMatchObject({ sessionId: "one" });
});

test("B4: a Redis that is a replica for a while is asked again until it takes writes", async () => {
  await redis.call("REPLICAOF", "127.0.0.1", "1");
  let isOpen = false;
  const opening = rows.open(spec).then(() => {
    isOpen = true;
  });
  await expect(redis.set("x", "y")).rejects.toThrow("READONLY");
  expect(isOpen).toBe(false);
  await redis.call("REPLICAOF", "NO", "ONE");
  await opening;
  expect(await redis.hget(key, "step")).toBe("login");
});

test("B4: when Sentinel has made another server the primary, workers and callers go on there by themselves", async () => {
  const { port: primary } = new URL(deployment.store.url);
  const { secret } = deployment.store;
  const [replica, sentinel] = [await anyFreePorts.next(), await anyFreePorts.next()];
  const server = (name: string, port: number, lines: readonly string[], ...more: readonly string[]) => {
    const folder = join(reaper.folder, name);
    mkdirSync(folder);
    const configuration = join(folder, "redis.conf");
    const all = ["bind 127.0.0.1", `port ${port}`, `dir ${JSON.stringify(folder)}`, ...lines];
    writeFileSync(configuration, all.map((line) => `${line}\n`).join(""));
    return reaper.spawn({ name, file: "redis-server", args: [configuration, ...more] });
  };
  await server("replica", replica, [
    `replicaof 127.0.0.1 ${primary}`,
    `masterauth ${secret}`,
    `requirepass ${secret}`,
    "repl-diskless-sync-delay 0",
  ]);
  const copy = new Redis({ port: replica, password: secret });
  open.push({ close: () => copy.disconnect() });
  await vi.waitUntil(async () => (await copy.info("replication")).includes("master_link_status:up"), wait);
  await server(
    "sentinel",
    sentinel,
    [
      `sentinel monitor main 127.0.0.1 ${primary} 1`,
      `sentinel auth-pass main ${secret}`,
      "sentinel down-after-milliseconds main 500",
    ],
    "--sentinel",
  );
  const watcher = new Redis({ port: sentinel });
  open.push({ close: () => watcher.disconnect() });
  await vi.waitUntil(async () => String(await watcher.info("sentinel")).includes("slaves=1"), wait);

  deployment = { ...deployment, store: { url: `redis+sentinel://127.0.0.1:${sentinel}/main`, secret } };
  await withWorker();
  const handle = await (await withClient()).start(spec);
  const waits = ["expire", "cleanup", "done"]; // or, on a machine that stood still, has waited
  await vi.waitUntil(async () => waits.includes((await copy.hget(key, "step")) ?? ""), wait);
  await store.kill();
  expect(await handle.result()).toMatchObject({ finalStatus: "cleaned_up" });
  expect(world.begun).toEqual(["login", "mark-idle", "expire", "cleanup"]);
});

test("B5: whoever asks for a result that is no longer kept is told so", async () => {
  const client = await withClient();
  const handle = await client.start(spec);
  await redis.del(key); // as a day after the end
  await expect(handle.result()).rejects.toThrow(ForgottenError);
});

test("B7: a start that waits for a replica is acknowledged once that has it, and refused where it does not answer", async () => {
  if (store.replication === undefined) throw new Error("this Redis takes no replica");
  const link = await openProxy({ port: await anyFreePorts.next(), to: store.replication.port });
  await store.replication.attach(link, "wait-for-replica");
  deployment = { ...deployment, store: { ...store.address, replicas: 1 } };
  const client = await withClient();
  await client.start({ ...spec, sessionId: "kept" });
  link.stop("from-store");
  await expect(client.start({ ...spec, sessionId: "refused" })).rejects.toThrow("0 of 1 replicas");
  await store.replication.failOver();
  await expect.poll(() => redis.exists("sessions:session:kept").catch(() => 0)).toBe(1);
  expect(await redis.exists("sessions:session:refused")).toBe(0);
});

test("B7: a row that a failover took away before its start was acknowledged is opened again", async () => {
  await rows.open(spec);
  await redis.del(key);
  expect(await rows.replicate("one", 0)).toBe(false);
  await rows.open(spec);
  expect(await rows.replicate("one", 0)).toBe(true);
});

test("B6: the fence is the row's: a job that is added anew goes on at once, and the older one is out", async () => {
  await rows.open(spec);
  const older = await rows.claim("one", { timestamp: 1_000, attemptsStarted: 5 });
  const newer = await rows.claim("one", { timestamp: 2_000, attemptsStarted: 1 });
  expect(newer?.fence).toBeGreaterThan(older?.fence ?? Number.NaN);
  await expect(rows.claim("one", { timestamp: 1_000, attemptsStarted: 6 })).rejects.toThrow("newer attempt");
  if (older === null || newer === null) throw new Error("the row is gone");
  await expect(rows.advance(older, "mark-idle", {})).rejects.toThrow("newer attempt");
  expect(await rows.advance(newer, "mark-idle", {})).toMatchObject({ step: "mark-idle" });
});
