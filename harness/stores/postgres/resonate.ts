/** resonate-pg: the Resonate server as one SQL file, in a PostgreSQL of the run's own or in one that is running already. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Client } from "pg";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { messageOf } from "../../errors.ts";
import type { Residue } from "../../world/entry.ts";
import { drawPrefix, notOurs } from "../external.ts";
import { sessionOf } from "../promise-ids.ts";
import { type StartStore, unknownTraffic } from "../store.ts";
import { startCluster } from "./cluster.ts";
import { versionOf, withPostgres } from "./connection.ts";
import { makeReadOnly } from "./read-only.ts";
import { trafficOf } from "./traffic.ts";

/** Starts PostgreSQL and loads the file into it. */
export function resonateInPostgres(sqlFile: string): StartStore {
  return async (settings) => {
    const { address, ...lives } = await startCluster(settings, randomBytes(24).toString("hex"));
    const sql = readFileSync(sqlFile, "utf8");
    const file = createHash("sha256").update(sql).digest("hex").slice(0, 12);
    const version = await withPostgres(address, async (client) => {
      await client.query("SET client_min_messages = error"); // it warns where pg_cron is missing; the SDK's network fires the timers
      await client.query(sql);
      await client.query(retryTimeout(settings.leaseMs));
      return versionsOf(client);
    });
    return {
      address,
      version: `${version}, file ${file}`,
      inspect: (sessions) => withPostgres(address, (client) => residueIn(client, sessions, "")),
      traffic: () => withPostgres(address, trafficOf),
      refuseWrites: (refuses) => makeReadOnly(address, refuses),
      ...lives,
    };
  };
}

/** Uses a PostgreSQL that is running, with the schema in it. What it keeps, and how soon it sends again, is its own affair. */
export function externalResonateInPostgres(given: StoreAddress): StartStore {
  return async ({ sweepAtEnd }) => {
    const prefix = drawPrefix();
    const address = { ...given, prefix };
    const version = await withPostgres(address, versionsOf);
    sweepAtEnd(address);
    return {
      address,
      version: `${version}, not started by the run`,
      inspect: (sessions) => withPostgres(address, (client) => residueIn(client, sessions, prefix)),
      traffic: async () => unknownTraffic,
      ...notOurs,
    };
  };
}

/** Why a PostgreSQL cannot be used; null where it answers and has the schema. */
export async function whyResonateInPostgresIsAway(given: StoreAddress): Promise<string | null> {
  try {
    await withPostgres(given, versionsOf);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * How soon a message is sent again that a dying worker swallowed: after a lease, as on every other store of Resonate's
 * (fairness rule 3). Here it is five seconds, in a function that nothing sets; so the function is replaced.
 */
function retryTimeout(leaseMs: number): string {
  return `CREATE OR REPLACE FUNCTION resonate._retry_timeout() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT ${leaseMs}::bigint'`;
}

async function versionsOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ schema: string }>("SELECT resonate.get_schema_version() AS schema");
  return `resonate-pg ${rows[0]?.schema} on ${await versionOf(client)}`;
}

/** What is still open once every session has ended. */
async function residueIn(
  client: Client,
  sessions: ReadonlySet<string>,
  prefix: string,
): Promise<readonly Residue[]> {
  const { rows } = await client.query<{ id: string; what: string }>(
    `SELECT id, 'promise ' || id || ' is pending' AS what FROM resonate.promises
       WHERE state = 'pending' AND starts_with(id, $1)
     UNION ALL
     SELECT id, 'task ' || id || ' is ' || state FROM resonate.tasks
       WHERE state <> 'fulfilled' AND starts_with(id, $1)
     ORDER BY what`,
    [prefix === "" ? "" : `session/${prefix}`],
  );
  return rows.map(({ id, what }) => ({ session: sessionOf(id, sessions, prefix), what }));
}
