/**
 * A client as the documentation has it: the session id is the job's id, and the result is what the job returned, for which
 * `waitUntilFinished` waits (API reference). Starts wait for Redis, as the contract asks; the guide to production would let them fail.
 */
// concern: wiring
import { Queue, QueueEvents } from "bullmq";
import type { ConnectClient } from "../../session/contract.ts";
import { type SessionResult, sessionSpecSchema } from "../../session/spec.ts";
import { connectionTo } from "./connection.ts";
import type { SessionJob } from "./lifecycle.ts";

export const connectClient: ConnectClient = async ({ store, group }) => {
  const queue = new Queue<SessionJob, SessionResult, string>(group, connectionTo(store));
  const events = new QueueEvents(group, connectionTo(store));
  queue.on("error", (error) => console.error(`queue: ${error.message}`));
  events.on("error", (error) => console.error(`events: ${error.message}`));
  return {
    async start(spec) {
      sessionSpecSchema.parse(spec);
      const job = await queue.add(
        "session",
        { spec, step: "login", recorded: 0, jti: "", receipt: null, loginAt: 0, expiredAt: 0 },
        {
          jobId: `s-${spec.sessionId}`,
          // concern: retry and recovery
          attempts: 8,
          backoff: { type: "exponential", delay: 1000 },
          // concern: wiring
          removeOnComplete: { age: 24 * 3600 }, // s
          removeOnFail: false,
        },
      );
      return { result: () => job.waitUntilFinished(events) };
    },
    async close() {
      await queue.close();
      await events.close();
    },
  };
};
