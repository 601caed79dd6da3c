/** How workers and clients reach PostgreSQL, and what they do while it is away: one place for both. */
import { setTimeout as delay } from "node:timers/promises";
import { Client, type ClientConfig, DatabaseError, Pool } from "pg";
import type { StoreAddress } from "../../harness/contract.ts";

const connectAgainMs = 200;

/** Short statements, one transaction each: with more connections than this they would queue in the database instead. */
const poolSize = 5;

/** `answerMs` is how long an answer, or a connection, is waited for; one that takes longer is lost, and so is its connection. */
export function connectionOptions({ url, secret }: StoreAddress, answerMs: number): ClientConfig {
  const address = new URL(url);
  address.password = encodeURIComponent(secret);
  const bounds = { connectionTimeoutMillis: answerMs, query_timeout: answerMs };
  return { connectionString: address.href, keepAlive: true, ...bounds };
}

export function openPool(options: ClientConfig): Pool {
  const pool = new Pool({ ...options, max: poolSize });
  pool.on("error", (error) => console.error(`pool: ${error.message}`)); // of an idle connection; unheard, it ends the process
  return pool;
}

/** Asks again until the store has answered, an error in SQL being an answer too, or until nobody wants to know any more. */
export async function untilAnswered<T>(ask: () => Promise<T>, isWanted = () => true): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isAnswer = error instanceof DatabaseError && error.severity === "ERROR"; // FATAL: it shuts down, or starts up
      if (isAnswer || !isWanted()) throw error;
      await delay(connectAgainMs);
    }
  }
}

/**
 * Hears a channel over a connection of its own, which is opened again whenever it is lost. `onNotice` gets each payload, and
 * null when the channel was opened: what was said before then is for the caller to look up. Resolves when that has happened once.
 */
export async function listen(
  options: ClientConfig,
  channel: string,
  onNotice: (payload: string | null) => void,
): Promise<{ close(): void }> {
  const opened = Promise.withResolvers<void>();
  let client: Client;
  let closed = false;
  async function keepOpen(): Promise<void> {
    while (!closed) {
      client = new Client(options);
      const lost = new Promise<unknown>((resolve) => client.once("end", resolve));
      client.on("error", (error) => console.error(`listener: ${error.message}`));
      client.on("notification", ({ payload = "" }) => onNotice(payload));
      try {
        await client.connect();
        await client.query(`LISTEN ${channel}`);
        onNotice(null);
        opened.resolve();
        await lost;
      } catch {
        client.end().catch(() => {}); // it may never have been open
      }
      if (!closed) await delay(connectAgainMs);
    }
  }
  void keepOpen();
  await opened.promise;
  return {
    close() {
      closed = true;
      client.end().catch(() => {});
    },
  };
}
