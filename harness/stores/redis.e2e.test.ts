import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Reaper } from "../workers/reaper.ts";
import { startRedisStore } from "./redis.ts";
import { startUnderTest } from "./store-under-test.ts";

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
