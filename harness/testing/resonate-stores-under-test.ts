/** The stores that speak Resonate's protocol, for tests: how each starts, and how a request is put to it. */
import { setTimeout as delay } from "node:timers/promises";
import type { Request } from "@resonatehq/sdk";
import { Pool } from "pg";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { storeKinds } from "../stores/kinds.ts";
import { postgresOptions, withPostgres } from "../stores/postgres/connection.ts";
import { startResonateEmbedded } from "../stores/resonate-embedded/store.ts";
import { type Durability, durabilities, type StartStore } from "../stores/store.ts";

export interface ResonateStore {
  readonly name: string;
  readonly startStore: StartStore;
  readonly durabilities: readonly Durability[];
  /** Why its tests are skipped on this machine; null where they are not. */
  readonly unavailable: string | null;
}

const server = storeKinds["resonate-server"]({});
const serverOnSqlite = storeKinds["resonate-server-sqlite"]();
const sqlFile = process.env.KILLPROOF_RESONATE_SQL;
const postgres = storeKinds["resonate-postgres"](sqlFile === undefined ? {} : { resonateSql: sqlFile });

export const embedded: ResonateStore = {
  name: "resonate-embedded",
  startStore: startResonateEmbedded,
  durabilities,
  unavailable: null,
};

/** Those of the engine's makers: they are tested where they are, which `RESONATE_BIN` and `KILLPROOF_RESONATE_SQL` say. */
export const official: readonly ResonateStore[] = [
  { ...server, name: "resonate-server", unavailable: await server.whyUnavailable() },
  {
    ...serverOnSqlite,
    name: "resonate-server-sqlite",
    unavailable: await serverOnSqlite.whyUnavailable(),
  },
  { ...postgres, name: "resonate-pg", unavailable: await postgres.whyUnavailable() },
];

/** What came back over the wire. */
export interface WireReply {
  readonly kind: string;
  readonly head: { readonly corrId: string; readonly status: number; readonly version: string };
  readonly data: unknown;
}

/** A line to a store, over which requests are put as the SDK does. */
export interface Line {
  /** Rejects when no whole reply comes back. */
  ask(request: Request): Promise<WireReply>;
  close(): void;
}

export function openLine(address: StoreAddress): Line {
  return address.url.startsWith("postgres:") ? tableLine(address) : httpLine(address);
}

/** Lets time pass, ms. In PostgreSQL without pg_cron it is the workers who look what is due, so somebody must. */
export async function letPass(address: StoreAddress, ms: number): Promise<void> {
  await delay(ms);
  if (!address.url.startsWith("postgres:")) return;
  await withPostgres(address, (client) => client.query("SELECT resonate.process_timeouts()"));
}

function httpLine({ url, secret }: StoreAddress): Line {
  return {
    async ask(request) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
        body: JSON.stringify({ ...request, head: { ...request.head, auth: secret } }),
      });
      return (await response.json()) as WireReply; // Read by tests only, which assert what is in it.
    },
    close: () => {},
  };
}

function tableLine(address: StoreAddress): Line {
  const pool = new Pool({ ...postgresOptions(address), max: 1 });
  pool.on("error", () => {}); // the next request says it
  return {
    async ask(request) {
      const query = "SELECT resonate.resonate_rpc($1::jsonb) AS reply";
      const { rows } = await pool.query<{ reply: WireReply }>(query, [JSON.stringify(request)]);
      if (rows[0] === undefined) throw new Error("a function that returns one value returned none");
      return rows[0].reply;
    },
    close: () => void pool.end().catch(() => {}),
  };
}
