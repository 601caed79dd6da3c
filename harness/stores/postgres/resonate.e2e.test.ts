/** resonate-pg in a PostgreSQL of the run's own, and in one that was there before the run. */
import { statSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { Reaper } from "../../processes/reaper.ts";
import { create, settle } from "../../testing/embedded-requests-under-test.ts";
import { isRunning } from "../../testing/is-running.ts";
import { official, openLine } from "../../testing/resonate-stores-under-test.ts";
import { startUnderTest } from "../../testing/store-under-test.ts";
import { withPostgres } from "./connection.ts";
import { externalResonateInPostgres, whyResonateInPostgresIsAway } from "./resonate.ts";

const postgres = official.find(({ name }) => name === "resonate-pg");

let reaper: Reaper;
beforeEach(async ({ skip }) => {
  skip(postgres?.unavailable !== null, postgres?.unavailable ?? "");
  reaper = await Reaper.start();
  return () => reaper.stop();
});

async function start(durability: "process" | "fsync" = "process", on = reaper) {
  if (postgres === undefined) throw new Error("resonate-pg is not among the official stores");
  return startUnderTest(on, postgres.startStore, durability);
}

async function ask(address: StoreAddress, ...requests: Parameters<ReturnType<typeof openLine>["ask"]>[0][]) {
  const line = openLine(address);
  for (const request of requests) expect((await line.ask(request)).head.status).toBe(200);
  line.close();
}

test.each([
  { durability: "process", fsync: "off" },
  { durability: "fsync", fsync: "on" },
] as const)(
  "writes before it replies, and syncs for fsync only: $durability",
  async ({ durability, fsync }) => {
    const { store } = await start(durability);
    const { rows } = await withPostgres(store.address, (client) =>
      client.query(
        "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit",
      ),
    );
    expect(rows).toEqual([{ fsync, commit: "on" }]);
    await store.stop();
  },
);

test.runIf(process.platform === "linux" && process.getuid?.() === 0)("does not run as root", async () => {
  const { store, children } = await start();
  expect(statSync(`/proc/${children[0]?.pid}`).uid).not.toBe(0);
  await store.stop();
});

test("none of its processes outlives a kill, or the run", async () => {
  const { store } = await start();
  const pids = async () => {
    const query = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
    const { rows } = await withPostgres(store.address, (client) => client.query<{ pid: number }>(query));
    return rows.map(({ pid }) => pid);
  };
  const first = await pids();
  expect(first.length).toBeGreaterThan(2);
  await store.kill();
  // Dead at once, and gone when whoever inherits orphans here has looked after them.
  await expect.poll(() => first.filter(isRunning), { timeout: 10_000 }).toEqual([]);
  await store.restart();
  const second = await pids();
  await reaper.stop();
  await expect.poll(() => second.filter(isRunning), { timeout: 10_000 }).toEqual([]);
});

test("what a run left in a store that it was given is seen and then swept, and nothing of others", async () => {
  const others = await Reaper.start();
  try {
    const { address } = (await start("process", others)).store;
    expect(await whyResonateInPostgresIsAway(address)).toBeNull();
    expect(await whyResonateInPostgresIsAway({ ...address, secret: "wrong" })).toMatch(/password/);
    const { store } = await startUnderTest(reaper, externalResonateInPostgres(address), "process");
    const { prefix = "" } = store.address;
    const [mine, done] = [`session/${prefix}one`, `session/${prefix}two`];
    await ask(address, create("session/one", { target: "poll://any@others" }));
    await ask(address, create(mine, { target: `poll://any@${prefix}sessions` }), create(done), settle(done));
    expect(await store.inspect(new Set(["one", "two"]))).toEqual([
      { session: "one", what: `promise ${mine} is pending` },
      { session: "one", what: `task ${mine} is pending` },
    ]);
    await reaper.stop();
    const left = await withPostgres(address, (client) =>
      client.query("SELECT id FROM resonate.promises UNION ALL SELECT task_id FROM resonate.outbox"),
    );
    expect(left.rows).toEqual([{ id: "session/one" }, { id: "session/one" }]);
  } finally {
    await others.stop();
  }
});
