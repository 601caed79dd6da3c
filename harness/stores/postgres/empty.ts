/** An empty PostgreSQL of the run's own. An implementation makes its tables there itself. */
import { randomBytes } from "node:crypto";
import type { Client } from "pg";
import type { StartStore } from "../store.ts";
import { startCluster } from "./cluster.ts";
import { withPostgres } from "./connection.ts";
import { makeReadOnly } from "./read-only.ts";
import { trafficOf } from "./traffic.ts";

export const startEmptyPostgres: StartStore = async (settings) => {
  const { address, ...lives } = await startCluster(settings, randomBytes(24).toString("hex"));
  return {
    address,
    version: await withPostgres(address, versionOf),
    inspect: async () => null, // whose tables these are, its engine knows
    traffic: () => withPostgres(address, trafficOf),
    refuseWrites: (refuses) => makeReadOnly(address, refuses),
    ...lives,
  };
};

async function versionOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ server: string }>(
    "SELECT current_setting('server_version') AS server",
  );
  return `PostgreSQL ${rows[0]?.server.split(" ")[0]}`;
}
