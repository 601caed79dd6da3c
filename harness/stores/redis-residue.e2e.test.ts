import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { oddIds } from "../plan/session-ids.ts";
import { Reaper } from "../processes/reaper.ts";
import { startUnderTest } from "../testing/store-under-test.ts";
import { startRedisStore } from "./redis.ts";
import { residueIn } from "./redis-residue.ts";

let reaper: Reaper;
beforeEach(async () => {
  reaper = await Reaper.start();
});
afterEach(() => reaper.stop());

test("what is left is found whatever the session's id, and of the session whose it is", async () => {
  const { store } = await startUnderTest(reaper, startRedisStore, "process");
  const redis = new Redis(store.address.url, { password: store.address.secret });
  const ids = [...Object.values(oddIds).map((idAt) => idAt(17)), "7", "s-7"]; // the job of one is named as the other
  for (const id of ids) {
    await redis.hset(`sessions:session:${id}`, "step", "login");
    await redis.hset(`{bull}:sessions:s-${id}`, "name", "session");
    await redis.zadd("{bull}:sessions:delayed", 1, `s-${id}`);
  }
  const residue = await residueIn(redis, new Set(ids), "");
  redis.disconnect();
  for (const id of ids)
    expect(
      residue
        .filter(({ session }) => session === id)
        .map(({ what }) => what)
        .toSorted(),
    ).toEqual(
      [
        `job s-${id} in {bull}:sessions:delayed`,
        `key sessions:session:${id} without a TTL`,
        `key {bull}:sessions:s-${id} without a TTL`,
      ].toSorted(),
    );
  expect(residue).toHaveLength(3 * ids.length);
});
