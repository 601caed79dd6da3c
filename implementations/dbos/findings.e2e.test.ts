/** What a reviewer who knows the engine found, on a database of its own; 6 and 7 are its numbers. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Reaper } from "../../harness/processes/reaper.ts";
import { plainSpec } from "../../harness/run/sample-session.ts";
import { targetsNamed } from "../../harness/targets/targets.ts";
import { startUnderTest } from "../../harness/testing/store-under-test.ts";
import { NoopWorld } from "../../harness/world/noop-world.ts";
import type { Deployment, SessionClient } from "../session/contract.ts";

const leaseMs = 1_000;
const spec = (sessionId: string) => plainSpec(sessionId, { activities: 1, idleTimeoutMs: 0 });

let deployment: Deployment;
let client: SessionClient;
const ends: (() => Promise<void>)[] = [];

beforeEach(async ({ skip }) => {
  const [target] = targetsNamed("dbos@postgres");
  const reason = (await target?.whyUnavailable()) ?? null;
  skip(target === undefined || reason !== null, reason ?? "");
  if (target === undefined) return;
  const reaper = await Reaper.start();
  ends.unshift(() => reaper.stop());
  const { store } = await startUnderTest(reaper, target.startStore, "process");
  deployment = { store: store.address, group: "sessions", leaseMs, retryDelayMs: 200 };
  const { connectClient } = await import("./client.ts");
  client = await connectClient(deployment);
  ends.unshift(() => client.close());
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

test("6: what somebody took anew or cancelled since the look is not put back", async () => {
  const [{ openSystemDatabase, queueOf }, { executorRow }] = await Promise.all([
    import("./connection.ts"),
    import("./executor-table.ts"),
  ]);
  const { systemDatabasePool: pool } = openSystemDatabase(deployment.store, leaseMs);
  ends.unshift(() => pool.end());
  const row = executorRow(pool, queueOf(deployment), leaseMs);
  const set = (to: string, ...values: string[]) =>
    pool.query(`UPDATE dbos.workflow_status SET ${to}`, values);
  for (const id of ["held", "taken", "cancelled"]) await client.start(spec(id));
  await set("status = 'PENDING', executor_id = $1, owner_xid = 'first'", row.id);
  const held = await row.held();
  await set("owner_xid = 'second' WHERE workflow_uuid LIKE '%:taken'"); // by this worker
  await set("status = 'CANCELLED', owner_xid = NULL WHERE workflow_uuid LIKE '%:cancelled'");
  await row.putBack(held);
  const { rows } = await pool.query("SELECT status, owner_xid FROM dbos.workflow_status ORDER BY status");
  expect(rows).toEqual([
    { status: "CANCELLED", owner_xid: null },
    { status: "ENQUEUED", owner_xid: null },
    { status: "PENDING", owner_xid: "second" },
  ]);
});

test("7: a claim whose answer was lost is found by a worker that broke the session's execution off before", async () => {
  const [{ startWorker }, { launched }] = await Promise.all([
    import("./worker.ts"),
    import("./executions.ts"),
  ]);
  const world = new NoopWorld(new Uint8Array(32));
  const worker = await startWorker({ ...deployment, world, incarnation: "w1#1", concurrency: 1 });
  ends.unshift(() => worker.stop());
  const { systemDatabase } = launched();
  const readOnly = Object.assign(new Error("read-only transaction"), { code: "25006" });
  vi.spyOn(systemDatabase, "recordOperationResult").mockRejectedValueOnce(readOnly);
  const take = systemDatabase.findAndMarkStartableWorkflows.bind(systemDatabase);
  let takes = 0;
  vi.spyOn(systemDatabase, "findAndMarkStartableWorkflows").mockImplementation(async (...look) => {
    const taken = await take(...look);
    if (taken.length > 0 && ++takes === 2) throw new Error("the answer is lost");
    return taken;
  });
  const { result } = await client.start(spec("one"));
  expect(await result()).toMatchObject({ sessionId: "one", finalStatus: "cleaned_up" });
  expect(takes).toBe(3);
});
