/** A primary dies while its replica is behind: what came before that is there, what came after it is gone, and writes go on. */
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import type { Defence } from "../faults/kinds/failover.ts";
import { openProxy } from "../faults/network-proxy/proxy.ts";
import { Reaper } from "../processes/reaper.ts";
import { startUnderTest } from "../testing/store-under-test.ts";
import { storeKinds } from "./kinds.ts";
import { anyFreePorts } from "./ports.ts";
import { withPostgres } from "./postgres/connection.ts";
import type { Store } from "./store.ts";

let reaper: Reaper;
beforeEach(async () => {
  reaper = await Reaper.start();
});
afterEach(() => reaper.stop());

/** Writes and reads names, over a new connection each time. */
interface Names {
  add(address: StoreAddress, name: string): Promise<unknown>;
  all(address: StoreAddress): Promise<readonly string[]>;
  /** Whether the replica has all that was added. */
  areReplicated(address: StoreAddress): Promise<boolean>;
}

async function withRedis<T>({ url, secret }: StoreAddress, visit: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { password: secret });
  try {
    return await visit(redis);
  } finally {
    redis.disconnect();
  }
}

const inRedis: Names = {
  add: (address, name) => withRedis(address, (redis) => redis.rpush("names", name)),
  all: (address) => withRedis(address, (redis) => redis.lrange("names", 0, -1)),
  areReplicated: (address) =>
    withRedis(address, async (redis) => {
      const info = await redis.info("replication");
      return /offset=(\d+),/.exec(info)?.[1] === /master_repl_offset:(\d+)/.exec(info)?.[1];
    }),
};

const inPostgres: Names = {
  add: (address, name) =>
    withPostgres(address, async (client) => {
      await client.query("CREATE TABLE IF NOT EXISTS names (name text)");
      await client.query("INSERT INTO names VALUES ($1)", [name]);
    }),
  all: (address) =>
    withPostgres(address, async (client) => {
      const { rows } = await client.query<{ name: string }>("SELECT name FROM names ORDER BY name");
      return rows.map(({ name }) => name);
    }),
  areReplicated: (address) =>
    withPostgres(address, async (client) => {
      const sent = "SELECT 1 FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()";
      return (await client.query(sent)).rowCount === 1;
    }),
};

async function attach({ replication }: Store, defence: Defence) {
  if (replication === undefined) throw new Error("it has no replica");
  const link = await openProxy({ port: await anyFreePorts.next(), to: replication.port });
  await replication.attach(link, defence);
  return { replication, link };
}

test.each([
  { kind: "redis", names: inRedis },
  { kind: "postgres", names: inPostgres },
] as const)("$kind: twice, and killed and restarted in between", async ({ kind, names }) => {
  const { store } = await startUnderTest(reaper, storeKinds[kind]({}).startStore, "process");
  const { address } = store;
  for (const round of ["1", "2"]) {
    const { replication, link } = await attach(store, "none");
    await store.kill();
    await store.restart();
    await replication.untilInStep();
    await names.add(address, `${round}-kept`);
    await expect.poll(() => names.areReplicated(address), { timeout: 10_000 }).toBe(true);
    link.stop("from-store");
    await names.add(address, `${round}-lost`);
    await replication.failOver();
    expect(await names.all(address)).not.toContain(`${round}-lost`);
    await store.kill();
    await store.restart();
    await names.add(address, `${round}-written after it`);
  }
  expect((await names.all(address)).toSorted()).toEqual(
    ["1", "2"].flatMap((round) => [`${round}-kept`, `${round}-written after it`]),
  );
  await store.stop();
});
