/** What each store says that it has done, held against what one client did to it. */
import { once } from "node:events";
import { Agent, request } from "node:http";
import { json } from "node:stream/consumers";
import type { Request } from "@resonatehq/sdk";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { Reaper } from "../processes/reaper.ts";
import { create, get } from "../testing/embedded-requests-under-test.ts";
import { startUnderTest } from "../testing/store-under-test.ts";
import { startRedisStore } from "./redis.ts";
import { startResonateEmbedded } from "./resonate-embedded/store.ts";
import type { StartStore, Store } from "./store.ts";

let reaper: Reaper;
beforeEach(async () => {
  reaper = await Reaper.start();
});
afterEach(() => reaper.stop());

const nothing = { requests: {}, bytesReceived: 0, bytesSent: 0 };
const writes = 10;

/** A client that made `writes` writes, one after the other, and `writes` reads, and left. */
interface Visitor {
  readonly requests: Readonly<Record<string, number>>;
  readonly bytesWritten: number;
  readonly bytesRead: number;
}

async function visitRedis({ url, secret }: StoreAddress): Promise<Visitor> {
  const redis = new Redis(url, { password: secret, disableClientInfo: true });
  for (let index = 0; index < writes; index++) await redis.eval("return redis.call('incr', KEYS[1])", 1, "n");
  for (let index = 0; index < writes; index++) await redis.get("n");
  const { bytesWritten, bytesRead } = redis.stream;
  redis.disconnect();
  // The library says hello and looks whether the server has loaded its data.
  return {
    requests: { hello: 1, info: 1, eval: writes, incr: writes, get: writes },
    bytesWritten,
    bytesRead,
  };
}

async function visitEmbedded({ url, secret }: StoreAddress): Promise<Visitor> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (body: Request) => {
    const headers = { authorization: `Bearer ${secret}` };
    const asked = request(url, { agent, method: "POST", headers }).end(JSON.stringify(body));
    const [response] = await once(asked, "response");
    await json(response);
    if (asked.socket === null) throw new Error("a request that was answered has a socket");
    return asked.socket;
  };
  for (let index = 0; index < writes; index++) await ask(create(`p${index}`));
  for (let index = 1; index < writes; index++) await ask(get(`p${index}`));
  const { bytesWritten, bytesRead } = await ask(get("p0"));
  agent.destroy();
  return { requests: { "promise.create": writes, "promise.get": writes }, bytesWritten, bytesRead };
}

interface Kind {
  readonly name: string;
  readonly startStore: StartStore;
  readonly visit: (address: StoreAddress) => Promise<Visitor>;
}
const kinds: readonly Kind[] = [
  { name: "redis", startStore: startRedisStore, visit: visitRedis },
  { name: "resonate-embedded", startStore: startResonateEmbedded, visit: visitEmbedded },
];

async function expectTraffic(store: Store, { requests, bytesWritten, bytesRead }: Visitor): Promise<void> {
  const traffic = { requests, bytesReceived: bytesWritten, bytesSent: bytesRead };
  expect(await store.traffic()).toMatchObject(traffic);
}

describe.each(kinds)("$name", ({ startStore, visit }) => {
  test("counts every request and every byte of its clients", async () => {
    const { store } = await startUnderTest(reaper, startStore, "process");
    await expectTraffic(store, await visit(store.address));
    await store.stop();
  });

  test("does not count those who look inside", async () => {
    const { store } = await startUnderTest(reaper, startStore, "process");
    expect(await store.traffic()).toMatchObject(nothing);
    await store.inspect(new Set());
    const visitor = await visit(store.address);
    await store.inspect(new Set());
    await store.traffic();
    await expectTraffic(store, visitor);
    await store.stop();
  });

  test("starts from nothing after a restart, but for what is on its disk", async () => {
    const { store } = await startUnderTest(reaper, startStore, "process");
    const before = await store.traffic();
    await visit(store.address);
    const { diskBytes } = await store.traffic();
    expect(diskBytes).toBeGreaterThan(before.diskBytes ?? Number.NaN);
    await store.kill();
    await expect(store.traffic()).rejects.toThrow();
    await store.restart();
    expect(await store.traffic()).toMatchObject({ ...nothing, diskBytes });
    await expectTraffic(store, await visit(store.address));
    await store.stop();
  });
});

test("the embedded store counts its syncs: none by default, one for each write that comes alone with fsync", async () => {
  const lazy = await startUnderTest(reaper, startResonateEmbedded, "process");
  await visitEmbedded(lazy.store.address);
  expect((await lazy.store.traffic()).syncs).toBe(0);
  await lazy.store.stop();
  const careful = await startUnderTest(reaper, startResonateEmbedded, "fsync");
  const { syncs } = await careful.store.traffic();
  await visitEmbedded(careful.store.address);
  expect((await careful.store.traffic()).syncs).toBe((syncs ?? Number.NaN) + writes);
  await careful.store.stop();
});

test("Redis does not count its syncs, and nobody makes up a number", async () => {
  const { store } = await startUnderTest(reaper, startRedisStore, "fsync");
  await visitRedis(store.address);
  expect((await store.traffic()).syncs).toBeNull();
  await store.stop();
});
