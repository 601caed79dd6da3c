/** What reviewers who know the engine found, on a database of its own; P2 and P3 are their numbers. */
import { beforeEach, expect, test } from "vitest";
import { Reaper } from "../../harness/processes/reaper.ts";
import { targetsNamed } from "../../harness/targets/targets.ts";
import { startUnderTest } from "../../harness/testing/store-under-test.ts";
import type { Deployment } from "../session/contract.ts";
import { openSessionTable, type SessionTable } from "./session-table.ts";

const leaseMs = 60_000;
const spec = { sessionId: "one", userId: "user", activities: [], idleTimeoutMs: 0 };

let deployment: Deployment;
let table: SessionTable;

beforeEach(async ({ skip }) => {
  const [target] = targetsNamed("postgres-queue@postgres");
  const reason = (await target?.whyUnavailable()) ?? null;
  skip(target === undefined || reason !== null, reason ?? "");
  if (target === undefined) return;
  const reaper = await Reaper.start();
  const { store } = await startUnderTest(reaper, target.startStore, "process");
  deployment = { store: store.address, group: "sessions", leaseMs, retryDelayMs: 200 };
  table = await openSessionTable(deployment, leaseMs);
  return async () => {
    await table.pool.end();
    await reaper.stop();
  };
});

test("P2: a renewal that arrives after its session was put off does not hold it for another lease", async () => {
  await table.add(spec);
  const [hold] = await table.claim(1, []);
  if (hold === undefined) throw new Error("nothing was due");
  await table.putOff(hold, 0);
  await table.renew([hold]);
  expect(await table.claim(1, [])).toMatchObject([{ spec: { sessionId: "one" } }]);
});

test("P3: a database that refuses these credentials is not away: it says so", async () => {
  const { store } = deployment;
  const wrong = { ...deployment, store: { ...store, secret: "not this" } };
  await expect(openSessionTable(wrong, leaseMs)).rejects.toThrow("password authentication failed");
});
