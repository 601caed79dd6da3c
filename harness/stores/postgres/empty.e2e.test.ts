/** An empty PostgreSQL on a server that was there before the run. */
import { expect, test } from "vitest";
import { Reaper } from "../../processes/reaper.ts";
import { startUnderTest } from "../../testing/store-under-test.ts";
import { storeKinds } from "../kinds.ts";
import { withPostgres } from "./connection.ts";
import { databaseOnPostgres, whyNoDatabase } from "./empty.ts";

test("a database is made on a server that is given, and goes with the run, whoever is connected to it", async ({
  skip,
}) => {
  const reason = await storeKinds.postgres({}).whyUnavailable();
  skip(reason !== null, reason ?? "");
  const [others, ours] = [await Reaper.start(), await Reaper.start()];
  try {
    const { address } = (await startUnderTest(others, storeKinds.postgres({}).startStore, "process")).store;
    const databases = () =>
      withPostgres(address, async (client) => {
        const { rows } = await client.query<{ name: string }>("SELECT datname AS name FROM pg_database");
        return rows.map(({ name }) => name).sort();
      });
    const before = await databases();
    expect(await whyNoDatabase(address)).toBeNull();
    expect(await whyNoDatabase({ ...address, secret: "wrong" })).toMatch(/password/);
    const { store } = await startUnderTest(ours, databaseOnPostgres(address), "process");
    const { prefix = "" } = store.address;
    expect(await databases()).toEqual([...before, prefix].sort());
    await withPostgres(store.address, async (client) => {
      await client.query("CREATE TABLE left_behind ()");
      await ours.stop(); // while somebody is connected
    });
    expect(await databases()).toEqual(before);
  } finally {
    await ours.stop();
    await others.stop();
  }
});
