/** What a PostgreSQL says of what it has done: how much it keeps, and nothing else. */
import type { Client } from "pg";
import { type Traffic, unknownTraffic } from "../store.ts";

/** It counts transactions and not the requests in them, and no bytes; its syncs are counted from outside. */
export async function trafficOf(client: Client): Promise<Traffic> {
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT pg_database_size(current_database()) + COALESCE((SELECT sum(size) FROM pg_ls_waldir()), 0) AS bytes`,
  );
  return { ...unknownTraffic, diskBytes: Number(rows[0]?.bytes) };
}
