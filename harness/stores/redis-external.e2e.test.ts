/** A Redis that was there before the run and is there after it, with what others keep in it untouched. */

import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { Reaper } from "../processes/reaper.ts";
import { startUnderTest } from "../testing/store-under-test.ts";
import { redisOptions } from "../world/redis-options.ts";
import { addressOf } from "./external.ts";
import { anyFreePorts } from "./ports.ts";
import { startRedisServer } from "./redis.ts";
import { externalRedis, whyRedisIsAway } from "./redis-external.ts";

/** Runs the Redis of somebody else. */
let others: Reaper;
/** The run's own. */
let reaper: Reaper;
let redis: Redis;
let given: StoreAddress;

beforeEach(async () => {
  [others, reaper] = await Promise.all([Reaper.start(), Reaper.start()]);
  const { address } = await startRedisServer({
    name: "redis",
    folder: join(others.folder, "redis"),
    port: await anyFreePorts.next(),
    persistence: "none",
    spawn: (command) => others.spawnVital(command),
  });
  // Its user and its database are others than those that nobody has to name.
  const admin = new Redis(address.url, { password: address.secret });
  await admin.call("ACL", "SETUSER", "runner", "on", ">s@cret:/", "~*", "&*", "+@all");
  admin.disconnect();
  const text = `${address.url.replace("//", `//runner:${encodeURIComponent("s@cret:/")}@`)}/3`;
  given = addressOf({ flag: "--redis-url", text, schemes: ["redis:", "rediss:"] });
  redis = new Redis(redisOptions(given));
});
afterEach(async () => {
  redis.disconnect();
  await reaper.stop();
  await others.stop();
});

test("is reached as the user, and in the database, that the URL names", async () => {
  expect(given.url).not.toContain("cret");
  expect(await whyRedisIsAway(given)).toBeNull();
  expect(await redis.call("ACL", "WHOAMI")).toBe("runner");
  expect(await redis.client("INFO")).toContain("db=3");
});

test("says why it cannot be used", async () => {
  expect(await whyRedisIsAway({ ...given, secret: "wrong" })).toContain("WRONGPASS");
  expect(await whyRedisIsAway({ ...given, url: "redis://127.0.0.1:1" })).toContain("ECONNREFUSED");
});

test("a look inside sees what the run left there, and nothing of others", async () => {
  const { store } = await startUnderTest(reaper, externalRedis(given), "process");
  const { prefix = "" } = store.address;
  await redis.set("somebody:elses", "1");
  await redis.set(`${prefix}sessions:session:one`, "1");
  await redis.set(`${prefix}bull:sessions:meta`, "1");
  expect(await store.inspect(new Set(["one"]))).toEqual([
    { session: "one", what: `key ${prefix}sessions:session:one without a TTL` },
  ]);
});

test("two environments of one run do not meet, and both are swept when it ends, and nothing else", async () => {
  const stores = await Promise.all([1, 2].map(() => startUnderTest(reaper, externalRedis(given), "process")));
  const prefixes = stores.map(({ store }) => store.address.prefix ?? "");
  expect(new Set(prefixes).size).toBe(2);
  await redis.set("killproof", "1");
  for (const prefix of prefixes) await redis.set(`${prefix}row`, "1");
  expect(await redis.dbsize()).toBe(3);
  await reaper.stop();
  expect(await redis.keys("*")).toEqual(["killproof"]);
});

test("is not killed", async () => {
  const { store } = await startUnderTest(reaper, externalRedis(given), "process");
  await expect(store.kill()).rejects.toThrow("did not start");
  expect(await redis.ping()).toBe("PONG");
});
