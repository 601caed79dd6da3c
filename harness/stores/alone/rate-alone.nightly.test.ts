/** What each store's rate says, held against what the store itself has seen. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Reaper } from "../../processes/reaper.ts";
import { official } from "../../testing/resonate-stores-under-test.ts";
import { startUnderTest } from "../../testing/store-under-test.ts";
import { storeKinds } from "../kinds.ts";
import { withPostgres } from "../postgres/connection.ts";
import { startEmptyPostgres } from "../postgres/empty.ts";
import { postgresPrograms } from "../postgres/program.ts";
import { startRedisStore } from "../redis.ts";
import { externalRedis } from "../redis-external.ts";
import { RedisVisits } from "../redis-visits.ts";
import { startResonateEmbedded } from "../resonate-embedded/store.ts";
import { searchAll } from "../resonate-server/requests.ts";
import type { StartStore, Store } from "../store.ts";

let reaper: Reaper;
beforeEach(async () => {
  reaper = await Reaper.start();
});
afterEach(() => reaper.stop());

/** Longer than this nothing is measured, s. */
const longestS = 10;

async function rateOf(store: Store) {
  const rate = await store.rateAlone?.();
  if (rate?.kind !== "measured") throw new Error(rate?.why ?? "nobody knows how to ask");
  expect(rate.perSecond).toBeGreaterThan(0);
  expect(rate.requests / rate.perSecond).toBeLessThan(longestS);
  return rate;
}

const sumOf = (counts: Readonly<Record<string, number>> | null) =>
  Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);

const counting: readonly { readonly name: string; readonly startStore: StartStore }[] = [
  { name: "redis", startStore: startRedisStore },
  { name: "resonate-embedded", startStore: startResonateEmbedded },
];

describe.each(counting)("$name", ({ startStore }) => {
  test.each(["process", "fsync"] as const)(
    "has counted what it is said to have answered (%s)",
    async (durability) => {
      const { store } = await startUnderTest(reaper, startStore, durability);
      const { requests } = await rateOf(store);
      const { requests: counted, diskBytes } = await store.traffic();
      expect(requests).toBeGreaterThan(0);
      expect(sumOf(counted)).toBeGreaterThanOrEqual(requests);
      expect(diskBytes).toBeGreaterThan(requests); // it was written down
      expect(await store.inspect(new Set())).toEqual([]);
      await store.stop();
    },
  );
});

test("redis keeps nothing of it, nor whoever may ask", async () => {
  const { store } = await startUnderTest(reaper, startRedisStore, "process");
  await rateOf(store);
  const visits = new RedisVisits(store.address);
  expect(await visits.visit((redis) => redis.dbsize())).toBe(0);
  expect(await visits.visit((redis) => redis.acl("USERS"))).toEqual(["default"]);
  await store.stop();
});

const hasPgbench = !(await execa("pgbench", ["--version"], { reject: false })).failed;
const whyNoPostgres = await storeKinds.postgres({}).whyUnavailable();

test.skipIf(!hasPgbench || whyNoPostgres !== null)(
  "postgres has committed what it is said to have answered",
  async () => {
    const { store } = await startUnderTest(reaper, startEmptyPostgres, "fsync");
    const { requests } = await rateOf(store);
    const committed = () =>
      withPostgres(store.address, async (client) => {
        const query = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
        const { rows } = await client.query<{ xact_commit: string }>(query);
        return Number(rows[0]?.xact_commit);
      });
    expect(requests).toBeGreaterThan(0);
    await expect.poll(committed).toBeGreaterThanOrEqual(requests); // which a connection says when it ends
    const tables = "SELECT FROM pg_tables WHERE schemaname = 'public'";
    expect((await withPostgres(store.address, (client) => client.query(tables))).rowCount).toBe(0);
    await store.stop();
  },
);

const hasOwnPgbench = existsSync(join(postgresPrograms() ?? "", "pgbench"));

test.skipIf(whyNoPostgres !== null || hasOwnPgbench)(
  "without its program, postgres says that nobody knows",
  async () => {
    const { store } = await startUnderTest(reaper, startEmptyPostgres, "process");
    const path = process.env.PATH;
    process.env.PATH = "";
    try {
      expect(await store.rateAlone?.()).toEqual({ kind: "unknown", why: "pgbench was not found" });
    } finally {
      process.env.PATH = path;
    }
    await store.stop();
  },
);

const servers = official.filter(({ name }) => name.startsWith("resonate-server"));

describe.each(servers)("$name", ({ startStore, unavailable }) => {
  test.skipIf(unavailable !== null)("has settled what it is said to have answered", async () => {
    const { store } = await startUnderTest(reaper, startStore, "process");
    const { requests } = await rateOf(store);
    const settled = await searchAll(store.address, "promise", "resolved");
    expect(requests).toBeGreaterThan(0);
    expect(2 * settled.length).toBeGreaterThanOrEqual(requests);
    expect(await store.inspect(new Set())).toEqual([]);
    await store.stop();
  });
});

test("a store that the run did not start is put under no load", async () => {
  const { store } = await startUnderTest(reaper, startRedisStore, "process");
  const { store: given } = await startUnderTest(reaper, externalRedis(store.address), "process");
  const before = sumOf((await store.traffic()).requests);
  expect((await given.rateAlone?.())?.kind).toBe("unknown");
  expect(sumOf((await store.traffic()).requests)).toBe(before);
  await store.stop();
});
