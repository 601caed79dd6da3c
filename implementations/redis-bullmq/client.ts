/**
 * Starts lifecycles by adding a job under an id that the session determines, and waits for the row's result.
 * Every caller adds; the queue drops what it has, and the row answers what came too late.
 */
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import type { ConnectClient } from "../session/contract.ts";
import { type SessionResult, type SessionSpec, sessionSpecSchema } from "../session/spec.ts";
import { connectionOptions } from "./connection.ts";
import { SessionRows } from "./session-row.ts";

/** A published result can be missed while the connection is away; the row cannot. */
const pollIntervalMs = 10_000;

export const connectClient: ConnectClient = async ({ store, group, retryDelayMs }) => {
  const { prefix = "" } = store;
  const connection = connectionOptions(store);
  const queue = new Queue<SessionSpec, SessionResult, string>(group, { connection, prefix: `${prefix}bull` });
  queue.on("error", (error) => console.error(`queue: ${error.message}`));
  const rows = new SessionRows(connection, prefix + group);
  const subscriber = new Redis(connection);
  subscriber.on("error", (error) => console.error(`subscriber: ${error.message}`));
  const waiting = new Map<string, Set<(result: SessionResult) => void>>();
  subscriber.on("message", (channel, message) => {
    for (const resolve of waiting.get(channel) ?? []) resolve(JSON.parse(message));
  });

  /** Subscribes, then reads the row, then polls it: in this order no result falls between. */
  async function awaitResult(sessionId: string): Promise<SessionResult> {
    const channel = rows.resultChannel(sessionId);
    const { promise, resolve } = Promise.withResolvers<SessionResult>();
    const resolvers = waiting.get(channel) ?? new Set();
    waiting.set(channel, resolvers.add(resolve));
    await subscriber.subscribe(channel);
    const look = () => rows.readResult(sessionId).then((result) => result !== null && resolve(result));
    const poll = setInterval(() => void look().catch(() => {}), pollIntervalMs); // a failed look is followed by the next
    try {
      await look();
      return await promise;
    } finally {
      clearInterval(poll);
      resolvers.delete(resolve);
      if (resolvers.size === 0 && waiting.delete(channel)) {
        subscriber.unsubscribe(channel).catch(() => {}); // it may be closing
      }
    }
  }

  await Promise.all([queue.waitUntilReady(), subscriber.ping()]);
  return {
    async start(spec) {
      sessionSpecSchema.parse(spec);
      await queue.add("session", spec, {
        jobId: `s-${spec.sessionId}`, // BullMQ refuses ids that are integers, and a session id may be one
        attempts: Number.MAX_SAFE_INTEGER,
        backoff: { type: "fixed", delay: retryDelayMs },
        removeOnComplete: true, // the row is the record; what is left in the queue is unfinished business
        removeOnFail: false,
        stackTraceLimit: 1, // each retry would add to a list that is written whole
      });
      return { result: () => awaitResult(spec.sessionId) };
    },
    async close() {
      await queue.close();
      rows.close();
      subscriber.disconnect();
    },
  };
};
