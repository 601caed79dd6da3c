/**
 * An empty PostgreSQL: of the run's own, or a database of the run's own on a server that is running already. An implementation
 * makes its tables there itself.
 */
import { randomBytes } from "node:crypto";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { messageOf } from "../../errors.ts";
import { postgresAlone } from "../alone/postgres.ts";
import { drawPrefix, notOurs } from "../external.ts";
import { type StartStore, unknownTraffic } from "../store.ts";
import { startCluster } from "./cluster.ts";
import { versionOf, withPostgres } from "./connection.ts";
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
    rateAlone: () => postgresAlone(address),
    ...lives,
  };
};

/** Makes a database on a PostgreSQL that is running; it goes when the run ends. What is kept there is the server's affair. */
export function databaseOnPostgres(given: StoreAddress): StartStore {
  return async ({ sweepAtEnd }) => {
    const prefix = drawPrefix();
    const address = { ...given, url: withDatabase(given.url, prefix), prefix };
    const version = await withPostgres(given, async (client) => {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(prefix)}`);
      return versionOf(client);
    });
    sweepAtEnd(address);
    return {
      address,
      version: `${version}, not started by the run`,
      inspect: async () => null,
      traffic: async () => unknownTraffic,
      ...notOurs,
    };
  };
}

/** Whether {@link databaseOnPostgres} made the database of this address. Pure. */
export function isDatabaseOfRun({ url, prefix = "" }: StoreAddress): boolean {
  return prefix !== "" && new URL(url).pathname === `/${prefix}`;
}

/** Takes a database away that {@link databaseOnPostgres} made, with whoever is still connected to it. */
export function dropDatabaseOfRun({ prefix = "", ...address }: StoreAddress): Promise<unknown> {
  const server = { ...address, url: withDatabase(address.url, maintenanceDatabase) };
  return withPostgres(server, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(prefix)} WITH (FORCE)`),
  );
}

/** There is one on every server; the one that the user named is not in the address of the run's own. */
const maintenanceDatabase = "postgres";

function withDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Why no database can be made on a PostgreSQL; null where one can. */
export async function whyNoDatabase(given: StoreAddress): Promise<string | null> {
  try {
    const query = "SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user";
    const { rows } = await withPostgres(given, (client) => client.query<{ may: boolean }>(query));
    return rows[0]?.may ? null : "its role may not create a database";
  } catch (error) {
    return messageOf(error);
  }
}
