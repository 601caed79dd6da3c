import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Reaper } from "../processes/reaper.ts";
import { startUnderTest } from "../testing/store-under-test.ts";
import { anyFreePorts } from "./ports.ts";
import { startRedisStore } from "./redis.ts";

let reaper: Reaper;
beforeEach(async () => {
  reaper = await Reaper.start();
});
afterEach(() => reaper.stop());

test.each([
  { durability: "process", appendfsync: "no" },
  { durability: "everysec", appendfsync: "everysec" },
  { durability: "fsync", appendfsync: "always" },
] as const)("keeps an append-only file with appendfsync $appendfsync for $durability", async (each) => {
  const { store } = await startUnderTest(reaper, startRedisStore, each.durability);
  const redis = new Redis(store.address.url, { password: store.address.secret });
  expect(await redis.config("GET", "append*")).toMatchObject(
    expect.arrayContaining(["appendonly", "yes", "appendfsync", each.appendfsync]),
  );
  redis.disconnect();
  await store.stop();
});

test("keeps its data in a folder whose name holds a space and quotes", async () => {
  const store = await startRedisStore({
    folder: join(reaper.folder, `a "folder"`),
    port: await anyFreePorts.next(),
    durability: "process",
    leaseMs: 1_000,
    spawn: (command) => reaper.spawnVital(command),
    sweepAtEnd: () => {},
    nextPort: () => anyFreePorts.next(),
  });
  expect((await store.traffic()).diskBytes).toBeGreaterThan(0);
  await store.stop();
});
