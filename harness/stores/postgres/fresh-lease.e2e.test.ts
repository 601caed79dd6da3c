/**
 * Why `resonate@postgres` does not promise `repeats-explained`: the engine's own functions, in the order in which the
 * processes of a run call them now and then. When this test fails, resonate-pg has been mended, and the promise can be
 * made (harness/checks/guarantees.ts).
 */
import { Client } from "pg";
import { expect, type TestContext, test } from "vitest";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { Reaper } from "../../processes/reaper.ts";
import { create } from "../../testing/embedded-requests-under-test.ts";
import { official, openLine } from "../../testing/resonate-stores-under-test.ts";
import { startUnderTest } from "../../testing/store-under-test.ts";
import { postgresOptions } from "./connection.ts";

const postgres = official.find(({ name }) => name === "resonate-pg");
const target = "poll://any@workers";
const leaseMs = 1_000;

test("resonate-pg takes a lease away that has just been given", async (context) => {
  context.skip(postgres?.unavailable !== null, postgres?.unavailable ?? "");
  if (postgres === undefined) return;
  const reaper = await Reaper.start();
  context.onTestFinished(() => reaper.stop());
  const { store } = await startUnderTest(reaper, postgres.startStore, "process");
  const line = openLine(store.address);
  await line.ask(create("first", { target }));
  await line.ask(create("second", { target }));
  line.close();
  const holder = await connect(store.address, context);
  const late = await connect(store.address, context);
  const prompt = await connect(store.address, context);

  expect(await acquire(prompt, { id: "first", version: 0, pid: "dead", nowMs: 10_000 })).toBe(200);
  expect(await acquire(prompt, { id: "second", version: 0, pid: "dead", nowMs: 10_000 })).toBe(200);
  // Both leases have run out at 11,000. One process looks, sees both, and is held up at the first.
  await holder.query("BEGIN");
  await holder.query("SELECT FROM resonate.tasks WHERE id = 'first' FOR UPDATE");
  const looked = late.query("SELECT resonate.process_task_timeouts(11500)");
  await somebodyWaits(prompt);
  // Another one ends the second lease meanwhile, and a worker that lives is given it until 12,500.
  await prompt.query("SELECT resonate._on_task_lease_timeout('second', 11500)");
  expect(await acquire(prompt, { id: "second", version: 1, pid: "living", nowMs: 11_500 })).toBe(200);
  await holder.query("COMMIT");
  await looked;

  const { rows } = await prompt.query("SELECT state, pid FROM resonate.tasks WHERE id = 'second'");
  expect(rows).toEqual([{ state: "pending", pid: null }]);
});

async function connect(address: StoreAddress, { onTestFinished }: TestContext): Promise<Client> {
  const client = new Client(postgresOptions(address));
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** Resolves with the status of the answer. */
async function acquire(
  client: Client,
  { id, version, pid, nowMs }: { id: string; version: number; pid: string; nowMs: number },
): Promise<number> {
  const query = "SELECT resonate.task_acquire($1, $2, $3, $4, $5) ->> 'status' AS status";
  const { rows } = await client.query<{ status: string }>(query, [id, version, pid, leaseMs, nowMs]);
  return Number(rows[0]?.status);
}

/** Resolves once a process waits for a lock. */
async function somebodyWaits(client: Client): Promise<void> {
  const query = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  while ((await client.query(query)).rowCount === 0);
}
