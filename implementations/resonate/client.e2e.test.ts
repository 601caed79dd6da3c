/** The client against the official server, on the one thing in which that server differs from the embedded store for a client. */
import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, expect, test } from "vitest";
import { openProxy, proxiedAddress } from "../../harness/faults/network-proxy/proxy.ts";
import { Reaper } from "../../harness/processes/reaper.ts";
import { anyFreePorts } from "../../harness/stores/ports.ts";
import { send } from "../../harness/stores/resonate-server/requests.ts";
import { official } from "../../harness/testing/resonate-stores-under-test.ts";
import { startUnderTest } from "../../harness/testing/store-under-test.ts";
import { connectClient } from "./client.ts";

const server = official.find(({ name }) => name === "resonate-server");
/** Sooner than the SDK would ask again by itself, which it does once a minute from its start on, ms. */
const soonMs = 30_000;

let reaper: Reaper;
beforeEach(async ({ skip }) => {
  skip(server?.unavailable !== null, server?.unavailable ?? "");
  reaper = await Reaper.start();
  return () => reaper.stop();
});

test("a result that came while the client was cut off is heard when it is back", async () => {
  if (server === undefined) throw new Error("the server is not among the official stores");
  const { store } = await startUnderTest(reaper, server.startStore, "process");
  const storePort = Number(new URL(store.address.url).port);
  const link = await openProxy({ port: await anyFreePorts.next(), to: storePort });
  const client = await connectClient({
    store: proxiedAddress(store.address, link),
    group: "sessions",
    leaseMs: 1_000,
    retryDelayMs: 200,
  });
  try {
    const spec = { sessionId: "one", userId: "user", activities: [], idleTimeoutMs: 0 };
    const handle = await client.start(spec);
    const heard = link.traffic.bytesFromStore;
    const result = handle.result();
    await expect.poll(() => link.traffic.bytesFromStore).toBeGreaterThan(heard); // the server knows who waits
    link.cut(); // the SDK connects again after a second; until then the server finds nobody
    await delay(100);
    const data = Buffer.from(JSON.stringify({ sessionId: "one" })).toString("base64");
    await send(store.address, "promise.settle", {
      id: "session/one",
      state: "resolved",
      value: { headers: {}, data },
    });
    expect(await Promise.race([result, delay(soonMs)])).toEqual({ sessionId: "one" });
  } finally {
    await client.close();
    await link.close();
  }
});
