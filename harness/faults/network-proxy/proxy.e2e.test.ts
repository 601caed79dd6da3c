/** What each fault of a proxy connection means to the two real stores and to the clients that talk to them. */
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { Reaper } from "../../processes/reaper.ts";
import { anyFreePorts } from "../../stores/ports.ts";
import { startRedisServer } from "../../stores/redis.ts";
import { startResonateEmbedded } from "../../stores/resonate-embedded/store.ts";
import { aWhile, until } from "../../testing/proxy-under-test.ts";
import { openProxy, type ProxyConnection, proxiedAddress } from "./proxy.ts";

let reaper: Reaper;
let proxy: ProxyConnection;
/** Ends what a test opened, whether it passed or not. */
let endings: (() => void)[];

beforeAll(async () => {
  reaper = await Reaper.start();
});
afterAll(() => reaper.stop());
afterEach(async () => {
  for (const end of endings) end();
  await proxy.close();
});

async function openProxyTo({ url }: StoreAddress): Promise<void> {
  endings = [];
  proxy = await openProxy({ port: await anyFreePorts.next(), to: Number(new URL(url).port) });
}

describe("Redis", () => {
  let address: StoreAddress;
  /** Past the proxy connection. */
  let direct: Redis;

  beforeAll(async () => {
    const port = await anyFreePorts.next();
    const spawn = reaper.spawn.bind(reaper);
    const folder = join(reaper.folder, "redis");
    ({ address } = await startRedisServer({ name: "redis", folder, port, spawn, persistence: "none" }));
  });
  beforeEach(async () => {
    await openProxyTo(address);
    direct = connect(address);
    await direct.flushall();
  });

  /** A client that sends no command twice, so that what is applied twice was applied twice by the proxy connection. */
  function connect({ url, secret }: StoreAddress): Redis {
    const settings = {
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => 10,
      maxRetriesPerRequest: 0,
    };
    const redis = new Redis(url, { password: secret, ...settings });
    redis.on("error", () => {});
    endings.push(() => redis.disconnect());
    return redis;
  }

  /** Through the proxy connection. */
  async function connectProxied(): Promise<Redis> {
    const redis = connect(proxiedAddress(address, proxy));
    await redis.ping();
    return redis;
  }

  test("applies a command that was sent into a proxy connection stopped towards it once that is healed", async () => {
    const redis = await connectProxied();
    proxy.stop("to-store");
    const pushed = redis.rpush("order", "proxied");
    await aWhile();
    await direct.rpush("order", "direct");
    proxy.heal();
    expect(await pushed).toBe(2);
    expect(await direct.lrange("order", 0, -1)).toEqual(["direct", "proxied"]);
  });

  test("applies a command at once whose answer is stopped, and that comes once the proxy connection is healed", async () => {
    const redis = await connectProxied();
    const happened: string[] = [];
    proxy.stop("from-store");
    const answered = redis.incr("count").then(() => happened.push("answered"));
    await until(() => direct.exists("count"));
    await aWhile();
    happened.push("healed");
    proxy.heal();
    await answered;
    expect(happened).toEqual(["healed", "answered"]);
    expect(await direct.get("count")).toBe("1");
  });

  test("hears nothing of a client that connects while the proxy connection is stopped", async () => {
    proxy.stop("from-store");
    const redis = connect(proxiedAddress(address, proxy));
    const ready = new Promise((resolve) => redis.once("ready", resolve));
    await until(() => proxy.traffic.connections > 0);
    await aWhile();
    expect(
      String(await direct.call("CLIENT", "LIST"))
        .trim()
        .split("\n"),
    ).toHaveLength(1);
    proxy.heal();
    await ready;
    expect(await redis.ping()).toBe("PONG");
  });

  test("applies the command whose reply is swallowed once, and its client sees the connection die", async () => {
    const redis = await connectProxied();
    const swallowed = proxy.swallowReply((request) => request.includes("count"));
    const closed = new Promise((resolve) => redis.once("close", resolve));
    const [before, chosen, behind] = await Promise.allSettled([
      redis.incr("before"),
      redis.incr("count"),
      redis.incr("behind"),
    ]);
    await swallowed;
    await closed;
    expect(before).toEqual({ status: "fulfilled", value: 1 });
    expect([chosen.status, behind.status]).toEqual(["rejected", "rejected"]);
    expect(await direct.mget("before", "count", "behind")).toEqual(["1", "1", null]);
    expect(await redis.incr("count")).toBe(2);
  });

  test("keeps blocked and subscribed clients when the reply of another one is swallowed", async () => {
    const [redis, blocked, subscriber] = await Promise.all([
      connectProxied(),
      connectProxied(),
      connectProxied(),
    ]);
    const popped = blocked.bzpopmin("queue", 0);
    const heard = new Promise((resolve) => subscriber.once("message", (_, message) => resolve(message)));
    await subscriber.subscribe("news");
    await until(async () => String(await direct.call("CLIENT", "LIST")).includes("cmd=bzpopmin"));
    const swallowed = proxy.swallowReply();
    await redis.incr("count").catch(() => {});
    await swallowed;
    await direct.zadd("queue", 1, "job");
    await direct.publish("news", "good");
    expect(await popped).toEqual(["queue", "job", "1"]);
    expect(await heard).toBe("good");
  });

  test("swallows one reply for each time that it was asked to, and no more", async () => {
    const redis = await connectProxied();
    const isIncrement = (request: Buffer) => request.includes("incr");
    const swallowed = Promise.all([proxy.swallowReply(isIncrement), proxy.swallowReply(isIncrement)]);
    const outcomes: string[] = [];
    for (let command = 0; command < 4; command++) {
      await until(() => redis.status === "ready");
      outcomes.push(await redis.incr("count").then(String, () => "none"));
    }
    await swallowed;
    expect(outcomes).toEqual(["none", "none", "3", "4"]);
  });

  test("loses its clients when the proxy connection is cut, and gets them back", async () => {
    const redis = await connectProxied();
    const clients = async () => String(await direct.call("CLIENT", "LIST")).match(/ addr=/g)?.length;
    expect(await clients()).toBe(2);
    const reconnected = new Promise((resolve) => redis.once("ready", resolve));
    const waiting = redis.blpop("nothing", 0);
    proxy.cut();
    await expect(waiting).rejects.toThrow();
    await reconnected;
    expect(await redis.ping()).toBe("PONG");
    await until(async () => (await clients()) === 2);
    expect(proxy.traffic.connections).toBe(2);
  });

  test("answers late and in order while the proxy connection is delayed", async () => {
    const redis = await connectProxied();
    const latencyMs = 40;
    proxy.delay(latencyMs);
    const startedMs = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => redis.incr("count")));
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(2 * latencyMs);
    expect(answers).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });
});

describe("the embedded Resonate store", () => {
  let address: StoreAddress;

  beforeAll(async () => {
    const settings = {
      folder: join(reaper.folder, "resonate"),
      durability: "process",
      leaseMs: 1_000,
    } as const;
    const port = await anyFreePorts.next();
    ({ address } = await startResonateEmbedded({
      ...settings,
      port,
      spawn: (command) => reaper.spawn(command),
      sweepAtEnd: () => {},
      nextPort: () => anyFreePorts.next(),
    }));
  });
  beforeEach(() => openProxyTo(address));

  const timeoutAt = 9_999_999_999_999;

  async function post(url: string, kind: string, data: object): Promise<number> {
    const body = JSON.stringify({ kind, head: { corrId: "c", version: "2026-04-01" }, data });
    const headers = { "content-type": "application/json", authorization: `Bearer ${address.secret}` };
    const response = await fetch(url, { method: "POST", headers, body });
    await response.text();
    return response.status;
  }
  const create = (url: string, id: string, tags = {}) =>
    post(url, "promise.create", { id, timeoutAt, param: {}, tags });
  const exists = async (id: string) => (await post(address.url, "promise.get", { id })) === 200;
  const proxied = () => proxiedAddress(address, proxy).url;
  /** One that the next request will take: a new one would not be made while the proxy connection is stopped. */
  async function makeConnection(): Promise<void> {
    await create(proxied(), "before");
    await aWhile(); // until the client took note that it is idle
  }
  const isCreate = (request: Buffer) => request.includes('"kind":"promise.create"');

  test("applies a request that was sent into a proxy connection stopped towards it once that is healed", async () => {
    await makeConnection();
    proxy.stop("to-store");
    const created = create(proxied(), "p1");
    await aWhile();
    expect(await exists("p1")).toBe(false);
    proxy.heal();
    expect(await created).toBe(200);
    expect(await exists("p1")).toBe(true);
  });

  test("applies a request at once whose answer is stopped, and that comes once the proxy connection is healed", async () => {
    const happened: string[] = [];
    await makeConnection();
    proxy.stop("from-store");
    const answered = create(proxied(), "p2").then(() => happened.push("answered"));
    await until(() => exists("p2"));
    await aWhile();
    happened.push("healed");
    proxy.heal();
    await answered;
    expect(happened).toEqual(["healed", "answered"]);
  });

  test("applies the request whose reply is swallowed, and its stream of messages goes on", async () => {
    const headers = { authorization: `Bearer ${address.secret}` };
    const stopped = new AbortController();
    endings.push(() => stopped.abort());
    const poll = await fetch(`${proxied()}/poll/workers/w1`, { headers, signal: stopped.signal });
    const messages = (poll.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    const swallowed = proxy.swallowReply(isCreate);
    expect(await post(proxied(), "promise.get", { id: "p3" })).toBe(404);
    await expect(create(proxied(), "p3")).rejects.toThrow("fetch failed");
    await swallowed;
    expect(await exists("p3")).toBe(true);
    expect(await create(proxied(), "p4", { "resonate:target": "poll://any@workers" })).toBe(200);
    for (let seen = ""; !seen.includes('"id":"p4"'); ) seen += (await messages.read()).value ?? "";
  });

  test("sees its stream of messages die when the proxy connection is cut", async () => {
    const headers = { authorization: `Bearer ${address.secret}` };
    const poll = await fetch(`${proxied()}/poll/workers/w2`, { headers });
    proxy.cut();
    await expect(poll.text()).rejects.toThrow("terminated");
    expect(await create(proxied(), "p5")).toBe(200);
  });
});
