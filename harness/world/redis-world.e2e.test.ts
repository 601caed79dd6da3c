import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { login, recordActivity } from "../../implementations/session/operations.ts";
import type { SessionSpec } from "../../implementations/session/spec.ts";
import type { WorldMode } from "../../implementations/session/world.ts";
import { Reaper } from "../processes/reaper.ts";
import { anyFreePorts } from "../stores/ports.ts";
import { startRedisServer } from "../stores/redis.ts";
import type { Entry } from "./entry.ts";
import { connectWorldRedis, RedisWorld } from "./redis-world.ts";
import { Witness } from "./witness.ts";

let reaper: Reaper;
let address: StoreAddress;
let worlds = 0;

beforeAll(async () => {
  reaper = await Reaper.start();
  const spawn = reaper.spawn.bind(reaper);
  const port = await anyFreePorts.next();
  ({ address } = await startRedisServer({
    name: "world",
    folder: join(reaper.folder, "w"),
    port,
    spawn,
    persistence: "none",
  }));
});
afterAll(() => reaper.stop());

const spec: SessionSpec = {
  sessionId: "s1",
  userId: 'u|"1"',
  activities: [{ action: "view", target: 'naïve — "日本語" \\ 🙂' }],
  idleTimeoutMs: 100,
};

/** A world of its own, with session `s1` registered in it. */
async function openWorld(mode: WorldMode) {
  const prefix = `test-${++worlds}`;
  const witness = await Witness.connect(address, prefix);
  await witness.register([{ sessionId: "s1", mode, workMs: { login: [1, 1] } }]);
  const world = new RedisWorld(await connectWorldRedis(address), prefix, "w0#1", new Uint8Array(32));
  const ledger = async () => {
    const entries: Entry[] = [];
    for await (const batch of witness.follow(AbortSignal.abort())) entries.push(...batch);
    return entries;
  };
  return { witness, world, ledger };
}

describe("the world", () => {
  test("writes each execution and effect into the ledger, in order, stamped by its own clock", async () => {
    const { world, ledger } = await openWorld("idempotent");
    await recordActivity(world, spec, 0, "k");
    const [begin, landed] = await ledger();
    expect(begin).toMatchObject({
      kind: "begin",
      session: "s1",
      step: "record:0",
      worker: "w0#1",
      order: null,
    });
    expect(landed).toMatchObject({
      kind: "landed",
      effect: "append-activity",
      key: "k",
      payload: { index: 0, activity: spec.activities[0] },
    });
    expect(landed).toHaveProperty("execution", (begin as { execution: string }).execution);
    expect(landed?.at).toBeGreaterThanOrEqual(begin?.at ?? Number.NaN);
  });

  test("answers a repeated key with the first landing in idempotent mode, token included", async () => {
    const { world, ledger } = await openWorld("idempotent");
    const first = await login(world, spec, "k");
    expect(await login(world, spec, "k")).toEqual(first);
    const kinds = (await ledger()).map(({ kind }) => kind);
    expect(kinds).toEqual(["begin", "landed", "landed", "begin", "suppressed", "suppressed"]);
  });

  test("lands every call in naive mode, and mints another token", async () => {
    const { world, witness, ledger } = await openWorld("naive");
    const first = await login(world, spec, "k");
    expect((await login(world, spec, "k")).jti).not.toBe(first.jti);
    expect((await ledger()).filter(({ kind }) => kind === "landed")).toHaveLength(4);
    expect(await witness.inspect()).toEqual([
      { session: "s1", what: "2 live tokens" },
      { session: "s1", what: "a cache entry" },
    ]);
  });

  test("rejects an older fencing number in fenced mode, and nothing else", async () => {
    const { world, ledger } = await openWorld("fenced");
    await recordActivity(world, spec, 0, "k", 2);
    await expect(recordActivity(world, spec, 0, "k", 1)).rejects.toThrow("FENCED");
    await recordActivity(world, spec, 0, "k", 2);
    await recordActivity(world, spec, 0, "k", null);
    const kinds = (await ledger()).map(({ kind }) => kind).filter((kind) => kind !== "begin");
    expect(kinds).toEqual(["landed", "rejected", "landed", "landed"]);
  });

  test("keeps the token itself out of the ledger", async () => {
    const { world, ledger } = await openWorld("idempotent");
    await login(world, spec, "k");
    expect(JSON.stringify(await ledger())).not.toContain("eyJ"); // how a JWT begins
  });

  test("hands out an order for as many executions as it was given, before or after the effect", async () => {
    const { world, witness, ledger } = await openWorld("naive");
    await witness.arm("s1", "record:0", { kind: "throw", when: "before" });
    await witness.arm("s1", "record:0", { kind: "throw", when: "after" });
    await expect(recordActivity(world, spec, 0, "k")).rejects.toThrow("ordered to fail before its effect");
    await expect(recordActivity(world, spec, 0, "k")).rejects.toThrow("ordered to fail after its effect");
    await recordActivity(world, spec, 0, "k");
    const kinds = (await ledger()).map(({ kind }) => kind);
    expect(kinds).toEqual(["begin", "begin", "landed", "begin", "landed"]);
  });

  test("delays an execution that was ordered to be slow, before its effect", async () => {
    const { world, witness, ledger } = await openWorld("idempotent");
    await witness.arm("s1", "record:0", { kind: "slow", delayMs: 150 });
    await recordActivity(world, spec, 0, "k");
    const [begin, landed] = await ledger();
    expect((landed?.at ?? 0) - (begin?.at ?? 0)).toBeGreaterThanOrEqual(149);
  });

  test("refuses a session that no plan knows", async () => {
    const { world } = await openWorld("idempotent");
    await expect(login(world, { ...spec, sessionId: "unknown" }, "k")).rejects.toThrow("UNREGISTERED");
  });

  test("says in the ledger what it could not do for a step, and nothing where whoever asked was mistaken", async () => {
    const { witness, world, ledger } = await openWorld("fenced");
    await witness.register([{ sessionId: "s2", mode: "naive", workMs: {} }]);
    await recordActivity(world, spec, 0, "k", 2);
    await expect(recordActivity(world, spec, 0, "k", 1)).rejects.toThrow("FENCED");
    const stranger = { ...spec, sessionId: "stranger" };
    await expect(recordActivity(world, stranger, 0, "k")).rejects.toThrow("UNREGISTERED");
    expect((await ledger()).map(({ kind }) => kind)).not.toContain("refused");
    const redis = await connectWorldRedis(address);
    await redis.set(`test-${worlds}:activities:s2`, "no list");
    redis.disconnect();
    const other = { ...spec, sessionId: "s2" };
    await expect(recordActivity(world, other, 0, "k")).rejects.toThrow("WRONGTYPE");
    const [refused, ...more] = (await ledger()).filter(({ kind }) => kind === "refused");
    expect(refused).toMatchObject({ session: "s2", step: "record:0", effect: "append-activity" });
    expect(refused).toHaveProperty("error", expect.stringContaining("WRONGTYPE"));
    expect(more).toEqual([]);
  });
});
