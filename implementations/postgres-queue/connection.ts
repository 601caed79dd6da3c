/** How workers and clients reach PostgreSQL, and what they do while it is away: one place for both. */
// concern: wiring
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { DatabaseError, Pool } from "pg";
import type { StoreAddress } from "../session/contract.ts";

const askAgainMs = 200;

/** Statements are short, and a transaction each: with more connections they would only queue in the database instead. */
const poolSize = 6;

/** `answerMs` is how long an answer is waited for; one that takes longer is lost, and so is its connection. */
export function openPool({ url, secret }: StoreAddress, answerMs: number): Pool {
  const address = new URL(url);
  address.password = encodeURIComponent(secret);
  const bounds = { max: poolSize, connectionTimeoutMillis: answerMs, query_timeout: answerMs };
  const pool = new Pool({ connectionString: address.href, keepAlive: true, ...bounds });
  pool.on("error", (error) => console.error(`pool: ${error.message}`)); // of an idle connection; unheard, it ends the process
  return pool;
}

// concern: retry and recovery
/** FATAL, like a database that shuts down or starts up, and yet for good: not these credentials, no such database. */
const refusals = /^(28|3D)/;

/** Asks again until the store has answered, or nobody wants to know any more. @throws what SQL says, which is an answer, a refusal, and what cannot be asked at all. */
export async function untilAnswered<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isAnswer =
        error instanceof DatabaseError && (error.severity === "ERROR" || refusals.test(error.code ?? ""));
      const isUnaskable = error instanceof TypeError; // no text can be made of what is to be stored
      if (isAnswer || isUnaskable || signal?.aborted) throw error;
      await delay(askAgainMs);
    }
  }
}

// concern: wiring
/** Gets what a notice says; null where some may have been missed. */
type OnNotice = (payload: string | null) => void;

/**
 * Hears a channel, over a connection of its own that is opened again whenever it is lost, until `signal` ends it. Notices can be
 * lost with a connection, so nobody should rely on them: there is a null when it was opened, and every `pollMs` ms.
 */
export async function listen(pool: Pool, name: string, pollMs: number, tell: OnNotice, signal: AbortSignal) {
  const poll = setInterval(tell, pollMs, null);
  signal.addEventListener("abort", () => clearInterval(poll));
  while (!signal.aborted) {
    const client = await pool.connect().catch(() => delay(askAgainMs, null));
    if (client === null) continue;
    const lost = once(client, "end", { signal }).catch(() => {}); // or an error, or the end of it all
    client.on("error", (error) => console.error(`listener: ${error.message}`));
    client.on("notification", ({ payload = null }) => tell(payload));
    await client.query(`LISTEN ${name}`).catch(() => client.end());
    tell(null);
    await lost;
    client.release(true);
  }
}
