/**
 * Starts lifecycles by opening a row, then adding a job under an id that the session determines, and waits for the row's
 * result. Every caller does; the queue drops what it has, and the row answers what came too late.
 */
// concern: wiring
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import type { ConnectClient } from "../session/contract.ts";
import { type SessionResult, sessionSpecSchema } from "../session/spec.ts";
import { connectionOptions, queuePrefix } from "./connection.ts";
import type { SessionJob } from "./lifecycle.ts";
import { ForgottenError, SessionRows } from "./session-row.ts";

// concern: result delivery
/** A published result can be missed while the connection is away; the row cannot. */
const pollIntervalMs = 10_000;

// concern: wiring
export const connectClient: ConnectClient = async ({ store, group, retryDelayMs }) => {
  const { prefix = "" } = store;
  const connection = connectionOptions(store);
  const queue = new Queue<SessionJob, SessionResult | null, string>(group, {
    connection,
    prefix: queuePrefix(store),
  });
  queue.on("error", (error) => console.error(`queue: ${error.message}`));
  const rows = new SessionRows(connection, prefix + group);
  // concern: result delivery
  const subscriber = new Redis(connection);
  subscriber.on("error", (error) => console.error(`subscriber: ${error.message}`));
  const waiting = new Map<string, Set<(result: SessionResult) => void>>();
  subscriber.on("message", (channel, message) => {
    for (const resolve of waiting.get(channel) ?? []) resolve(JSON.parse(message));
  });

  const polls = new Set<NodeJS.Timeout>();

  // concern: wiring
  /** The queue drops the job where it has one of this id. */
  const addJob = (sessionId: string, timestamp: number) =>
    queue.add(
      "session",
      { sessionId },
      {
        timestamp,
        jobId: jobIdOf(sessionId),
        attempts: Number.MAX_SAFE_INTEGER,
        backoff: { type: "fixed", delay: retryDelayMs },
        removeOnComplete: true, // the row is the record; what is left in the queue is unfinished business
        removeOnFail: false,
        stackTraceLimit: 1, // each retry would add to a list that is written whole
      },
    );

  // concern: result delivery
  /** Subscribes, then reads the row, then polls it: in this order no result falls between. */
  async function awaitResult(sessionId: string): Promise<SessionResult> {
    const channel = rows.resultChannel(sessionId);
    const { promise, resolve, reject } = Promise.withResolvers<SessionResult>();
    promise.catch(() => {}); // a poll may find out after whoever asked has been told otherwise
    const resolvers = waiting.get(channel) ?? new Set();
    waiting.set(channel, resolvers.add(resolve));
    await subscriber.subscribe(channel);
    const look = async () => {
      const result = await rows.readResult(sessionId);
      if (result !== null) resolve(result);
      return result !== null;
    };
    const lookAgain = async () => {
      try {
        if (!(await look())) await addJob(sessionId, await rows.now()); // somebody may have taken the job away
      } catch (error) {
        if (error instanceof ForgottenError) reject(error); // any other look that fails is followed by the next
      }
    };
    const poll = setInterval(() => void lookAgain(), pollIntervalMs);
    polls.add(poll);
    try {
      await look();
      return await promise;
    } finally {
      clearInterval(poll);
      polls.delete(poll);
      resolvers.delete(resolve);
      if (resolvers.size === 0 && waiting.delete(channel)) {
        subscriber.unsubscribe(channel).catch(() => {}); // it may be closing
      }
    }
  }

  // concern: state store
  /** Whether the row is kept by so many replicas, and the job is still there or has been done: either may have died with a primary. */
  async function isReplicated(sessionId: string, replicas: number): Promise<boolean> {
    if (!(await rows.replicate(sessionId, replicas))) return false;
    return (
      (await queue.getJob(jobIdOf(sessionId))) !== undefined || (await rows.readResult(sessionId)) !== null
    );
  }

  // concern: wiring
  await Promise.all([queue.waitUntilReady(), subscriber.ping()]);
  return {
    async start(spec) {
      const { sessionId } = sessionSpecSchema.parse(spec);
      for (let isKept = false; !isKept; ) {
        const { losses } = rows;
        const { isDone, at } = await rows.open(spec);
        if (!isDone) await addJob(sessionId, at);
        // The row may have died with a primary, and the job be another one's: a job without a row is over.
        isKept =
          losses === rows.losses &&
          (store.replicas === undefined || (await isReplicated(sessionId, store.replicas)));
      }
      return { result: () => awaitResult(sessionId) };
    },
    async close() {
      for (const poll of polls) clearInterval(poll);
      await queue.close();
      rows.close();
      subscriber.disconnect();
    },
  };
};

/** BullMQ refuses ids that are integers, and a session id may be one. */
const jobIdOf = (sessionId: string) => `s-${sessionId}`;
