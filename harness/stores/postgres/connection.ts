/** How the harness itself reaches a PostgreSQL: for set-up, for a look inside, and to ask whether it is there. */
import { Client, type ClientConfig } from "pg";
import type { StoreAddress } from "../../../implementations/session/contract.ts";

const connectTimeoutMs = 5_000;
const queryTimeoutMs = 30_000;

/** What `pg` connects by. Settings in the URL's query, such as `sslmode`, are kept. */
export function postgresOptions({ url, secret }: StoreAddress): ClientConfig {
  const withSecret = new URL(url);
  withSecret.password = encodeURIComponent(secret);
  return { connectionString: withSecret.href, application_name: "killproof" };
}

/** Opens a connection for one visit. Rejects when the server cannot be reached, and does not try again. */
export async function withPostgres<T>(
  address: StoreAddress,
  visit: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    ...postgresOptions(address),
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
  });
  client.on("error", () => {}); // whoever visits is told by the promise
  try {
    await client.connect();
    return await visit(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Such as `PostgreSQL 17.2`. */
export async function versionOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ version: string }>(
    "SELECT current_setting('server_version') AS version",
  );
  return `PostgreSQL ${rows[0]?.version.split(" ")[0]}`;
}
