/** How workers and clients reach PostgreSQL: by a pool of ours, since an answer that takes too long is not believed. */
// concern: wiring
import { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { DBOSClient } from "@dbos-inc/dbos-sdk";
import {
  ensureSystemDatabase,
  retriablePostgresException,
} from "@dbos-inc/dbos-sdk/internal/system_database";
import { GlobalLogger } from "@dbos-inc/dbos-sdk/internal/telemetry/logs";
import { dbRetryConfig } from "@dbos-inc/dbos-sdk/internal/utils";
import { Client, Pool } from "pg";
import type { Deployment, StoreAddress } from "../session/contract.ts";

/** The name under which DBOS runs the lifecycle, and that of the application which it belongs to. */
export const workflowName = "session";
export const applicationName = "sessions";

/** DBOS holds a connection for each statement of a step; with more of them they would only queue in the database instead. */
const poolSize = 6;

/** A store, and how DBOS is told of it: the pool is what it uses. */
export interface SystemDatabase {
  readonly systemDatabaseUrl: string;
  readonly systemDatabasePool: Pool;
}

/**
 * `answerMs` is how long an answer is waited for. A connection on which nothing happens for so long ends: either nobody asked, or
 * nobody answers. The locks of a process that stands still in the midst of a transaction are held for no longer either.
 */
export function openSystemDatabase(store: StoreAddress, answerMs: number): SystemDatabase {
  const systemDatabaseUrl = urlOf(store);
  const systemDatabasePool = new Pool({
    connectionString: systemDatabaseUrl,
    max: poolSize,
    connectionTimeoutMillis: answerMs,
    idleTimeoutMillis: answerMs / 2,
    idle_in_transaction_session_timeout: answerMs,
    stream: () => socketWithin(answerMs),
  });
  systemDatabasePool.on("error", (error) => logger.warn(`pool: ${error.message}`)); // of an idle connection; unheard, it ends the process
  return { systemDatabaseUrl, systemDatabasePool };
}

function socketWithin(answerMs: number): Socket {
  const socket = new Socket();
  const silent = Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }); // one that DBOS asks again after
  return socket.setTimeout(answerMs, () => socket.destroy(silent));
}

function urlOf({ url, secret }: StoreAddress): string {
  const address = new URL(url);
  address.password = encodeURIComponent(secret);
  return address.href;
}

/** A line for each thing that went wrong, and for nothing else. */
export const logger = {
  debug() {},
  info() {},
  warn: (said: unknown) => console.error(firstLine(said)),
  error: (said: unknown) => console.error(firstLine(said)),
};

const firstLine = (said: unknown) => String(said instanceof Error ? said.message : said).split("\n", 1)[0];

// concern: retry and recovery
export const askAgainMs = 200;
// By default DBOS doubles its pause up to a minute, which a session whose store is back would wait for.
dbRetryConfig.initialBackoffSec = askAgainMs / 1000;
dbRetryConfig.maxBackoffSec = askAgainMs / 1000;

/** Asks until the store has answered. @throws what is an answer: a refusal, and what SQL says. */
export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!retriablePostgresException(error)) throw error;
      await delay(askAgainMs);
    }
  }
}

// concern: state store
/** Everything of a group is in a queue of its own. */
export function queueOf({ store, group }: Pick<Deployment, "store" | "group">): string {
  return `${store.prefix ?? ""}${group}`;
}

/** Unambiguous, since no session id contains a `:`. */
export function workflowIdOf(queue: string, sessionId: string): string {
  return `${queue}:${sessionId}`;
}

/** DBOS looks at a queue once a second by default; each look is a transaction of four statements. */
const queuePollMs = 100;

/** So long does whoever migrates keep the others waiting, ms; it takes a second or two. */
const longestMigrationMs = 30_000;

/**
 * Makes, once the store can be reached, what is not there yet of DBOS's tables, of ours (`schema`) and of the queue. DBOS's
 * migrations bear no company: one process at a time. Whoever waits for its turn asks again and again, since `CREATE INDEX CONCURRENTLY`
 * would wait for a statement that waits.
 */
export async function prepare(database: SystemDatabase, queue: string, schema: string): Promise<void> {
  const { systemDatabaseUrl: connectionString, systemDatabasePool } = database;
  await untilAnswered(async () => {
    const client = new Client({ connectionString, stream: () => socketWithin(longestMigrationMs) });
    client.on("error", (error) => logger.warn(`migration: ${error.message}`));
    try {
      await client.connect();
      while (!(await isFirst(client))) await delay(askAgainMs);
      await ensureSystemDatabase(
        connectionString,
        new GlobalLogger(undefined, { logger }),
        systemDatabasePool,
      );
      await client.query(schema);
      const registrar = await DBOSClient.create({ ...database, logger, applicationName });
      await registrar.registerQueue(queue, { minPollingIntervalMs: queuePollMs });
    } finally {
      await client.end().catch(() => {});
    }
  });
}

async function isFirst(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ isFirst: boolean }>(
    `SELECT pg_try_advisory_lock(hashtext('sessions')) AS "isFirst"`,
  );
  return rows[0]?.isFirst ?? false;
}
