/** An empty PostgreSQL of the run's own. An implementation makes its tables there itself. */
import { randomBytes } from "node:crypto";
import type { Client } from "pg";
import type { Residue } from "../../world/entry.ts";
import type { StartStore } from "../store.ts";
import { startCluster } from "./cluster.ts";
import { withPostgres } from "./connection.ts";
import { trafficOf } from "./traffic.ts";

export const startEmptyPostgres: StartStore = async (settings) => {
  const { address, ...lives } = await startCluster(settings, randomBytes(24).toString("hex"));
  return {
    address,
    version: await withPostgres(address, versionOf),
    inspect: () => withPostgres(address, residueIn),
    traffic: () => withPostgres(address, trafficOf),
    ...lives,
  };
};

async function versionOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ server: string }>(
    "SELECT current_setting('server_version') AS server",
  );
  return `PostgreSQL ${rows[0]?.server.split(" ")[0]}`;
}

/** Sessions that are not done, once every session has ended. */
async function residueIn(client: Client): Promise<readonly Residue[]> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('sessions') IS NOT NULL AS exists",
  );
  if (!tables[0]?.exists) return []; // no worker or client has come as far as making it
  const { rows } = await client.query<{ session: string; what: string }>(
    `SELECT session_id AS session, 'row of ' || queue || ' has come to "' || COALESCE(done, 'nothing') || '"' AS what FROM sessions
       WHERE due_at IS NOT NULL ORDER BY session_id`,
  );
  return rows;
}
