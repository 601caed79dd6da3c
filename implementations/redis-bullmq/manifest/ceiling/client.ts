/** Adds empty jobs, and learns of their ends as BullMQ itself tells them: by the queue's events. */
import { Queue, QueueEvents } from "bullmq";
import type { ConnectClient } from "../../../session/contract.ts";
import type { SessionResult } from "../../../session/spec.ts";
import { connectionOptions } from "../../connection.ts";

export const connectClient: ConnectClient = async ({ store, group }) => {
  const connection = connectionOptions(store);
  const queue = new Queue(group, { connection });
  const events = new QueueEvents(group, { connection });
  const tell = (error: Error) => console.error(`queue: ${error.message}`);
  queue.on("error", tell);
  events.on("error", tell);
  const waiting = new Map<string, (result: SessionResult) => void>();
  events.on("completed", ({ jobId, returnvalue }) => {
    waiting.get(jobId)?.(returnvalue as unknown as SessionResult); // null: there is nothing to say
    waiting.delete(jobId);
  });
  await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
  return {
    async start({ sessionId }) {
      const jobId = `s-${sessionId}`;
      const { promise, resolve } = Promise.withResolvers<SessionResult>();
      waiting.set(jobId, resolve); // before the job exists: its end may come before the answer
      await queue.add("session", null, { jobId, removeOnComplete: true });
      return { result: () => promise };
    },
    async close() {
      await Promise.all([queue.close(), events.close()]);
    },
  };
};
