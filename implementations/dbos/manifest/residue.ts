/** What is left in PostgreSQL once every session has ended: workflows that somebody is still to run. */
import type { Client } from "pg";
import type { EngineStore } from "../../../harness/engines/engine.ts";
import { withPostgres } from "../../../harness/stores/postgres/connection.ts";
import type { Residue } from "../../../harness/world/entry.ts";

export const residueIn: EngineStore["residueIn"] = (address, sessions) =>
  withPostgres(address, (client) => openWorkflows(client, sessions));

async function openWorkflows(client: Client, sessions: ReadonlySet<string>): Promise<readonly Residue[]> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('dbos.workflow_status') IS NOT NULL AS exists",
  );
  if (!tables[0]?.exists) return []; // no worker or client has come as far as making it
  const { rows } = await client.query<{ id: string; status: string }>(
    `SELECT workflow_uuid AS id, status FROM dbos.workflow_status
       WHERE status IN ('ENQUEUED', 'PENDING', 'DELAYED') ORDER BY workflow_uuid`,
  );
  return rows.map(({ id, status }) => {
    const session = id.slice(id.indexOf(":") + 1);
    return { session: sessions.has(session) ? session : null, what: `workflow ${id} is ${status}` };
  });
}
