import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { whyNotInstalled } from "../../../harness/engines/packages.ts";
import { Reaper } from "../../../harness/processes/reaper.ts";
import { plainSpec } from "../../../harness/run/sample-session.ts";
import { anyFreePorts } from "../../../harness/stores/ports.ts";
import { startUnderTest } from "../../../harness/testing/store-under-test.ts";
import { NoopWorld } from "../../../harness/world/noop-world.ts";
import type { StoreAddress } from "../../session/contract.ts";
import { removeSession } from "./remove-session.ts";
import { restateServer } from "./store.ts";
import { sweep } from "./sweep.ts";

const whyNot = whyNotInstalled(new URL("../", import.meta.url).href);
const group = "group of the test";
const spec = plainSpec("sleeper", { activities: 1, idleTimeoutMs: 60_000 });
const { sessionId } = spec;
const sessions = new Set([sessionId]);

describe.skipIf(whyNot !== null)(`a Restate server${whyNot === null ? "" : `: ${whyNot}`}`, () => {
  let reaper: Reaper;
  const ends: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    reaper = await Reaper.start();
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    await reaper.stop();
  });

  /** Starts a worker and the session, which sleeps; in this process, since nobody kills them. */
  async function startSleeper(store: StoreAddress): Promise<void> {
    const [{ startWorker }, { connectClient }] = await Promise.all([
      import("../worker.ts"),
      import("../client.ts"),
    ]);
    const port = await anyFreePorts.next();
    const deployment = { store, group, leaseMs: 1_000, retryDelayMs: 200 };
    const worker = await startWorker({
      ...deployment,
      world: new NoopWorld(new Uint8Array(32)),
      incarnation: "w#1",
      concurrency: 1,
      reachedAt: { port, url: `http://127.0.0.1:${port}` },
    });
    const client = await connectClient(deployment);
    ends.push(
      () => client.close(),
      () => worker.stop(),
    );
    await client.start(spec);
  }

  test("keeps a session that sleeps when it is killed, at the same address, until somebody removes it", async () => {
    const { store } = await startUnderTest(reaper, restateServer(undefined).startStore, "process");
    await startSleeper(store.address);
    const isThere = async () => (await store.inspect(sessions))?.map(({ session }) => session);
    expect(await isThere()).toEqual([sessionId]);
    await store.kill();
    await expect(store.traffic()).rejects.toThrow();
    await store.restart();
    expect(await isThere()).toEqual([sessionId]);
    await removeSession(store.address, group, sessionId);
    await vi.waitFor(async () => expect(await isThere()).toEqual([]), { timeout: 10_000 });
  });

  test("says what it has done, and how much it keeps", async () => {
    const { store } = await startUnderTest(reaper, restateServer(undefined).startStore, "fsync");
    const before = await store.traffic();
    await startSleeper(store.address);
    const after = await store.traffic();
    const more = (kind: string) => (after.requests?.[kind] ?? 0) - (before.requests?.[kind] ?? 0);
    expect(more("record Invoke")).toBe(1);
    expect(more("request of a client")).toBeGreaterThan(0);
    expect(after.syncs).toBeGreaterThan(before.syncs ?? Number.NaN);
    expect(after.diskBytes).toBeGreaterThan(0);
  });

  test("that was given is used under a prefix, and rid of that", async () => {
    const { store: own } = await startUnderTest(reaper, restateServer(undefined).startStore, "process");
    await startSleeper(own.address);
    const given = restateServer(own.address.url);
    expect(await given.whyUnavailable()).toBeNull();
    const { store } = await startUnderTest(reaper, given.startStore, "process");
    await startSleeper(store.address);
    expect(await store.inspect(sessions)).toHaveLength(1);
    await sweep(store.address);
    await vi.waitFor(async () => expect(await store.inspect(sessions)).toEqual([]), { timeout: 10_000 });
    expect(await own.inspect(sessions)).toHaveLength(1); // what others have stays
  });

  test("that is not there is unavailable", async () => {
    const reason = await restateServer("http://127.0.0.1:1").whyUnavailable();
    expect(reason).toContain("cannot be used");
  });
});
