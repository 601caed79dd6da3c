/** What is left in PostgreSQL once every session has ended: rows of sessions that are not done. */
import type { Client } from "pg";
import type { EngineStore } from "../../../harness/engines/engine.ts";
import { withPostgres } from "../../../harness/stores/postgres/connection.ts";
import type { Residue } from "../../../harness/world/entry.ts";

export const residueIn: EngineStore["residueIn"] = (address, sessions) =>
  withPostgres(address, (client) => rowsNotDone(client, sessions));

async function rowsNotDone(client: Client, sessions: ReadonlySet<string>): Promise<readonly Residue[]> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('sessions') IS NOT NULL AS exists",
  );
  if (!tables[0]?.exists) return []; // no worker or client has come as far as making it
  const { rows } = await client.query<{ session: string; what: string }>(
    `SELECT session_id AS session, 'row of ' || queue || ' has come to "' || COALESCE(done, 'nothing') || '"' AS what
       FROM sessions WHERE due_at IS NOT NULL ORDER BY queue, session_id`,
  );
  return rows.map(({ session, what }) => ({ session: sessions.has(session) ? session : null, what }));
}
