/** What the queue's event stream says of retries. */
import { Redis } from "ioredis";
import type { Engine } from "../../../harness/engines/engine.ts";
import { redisOptions } from "../../../harness/world/redis-options.ts";

export const retries: NonNullable<Engine["retries"]> = async (testCase, _worker, sessionId) => {
  const { address } = testCase.environment.store;
  const { prefix = "" } = address;
  const redis = new Redis(redisOptions(address));
  redis.on("error", () => {}); // the read rejects by itself
  try {
    const events = await redis.xrange(`${prefix}{bull}:${testCase.group}:events`, "-", "+");
    const idle = await testCase.idle(sessionId);
    // The job is delayed once for each retry, and then until it has idled: the wait's alarm is set to its deadline. Where the
    // worker could not put it back, because it had lost the lock, it is put back as stalled.
    const texts = events.flatMap(([id, fields]) => {
      const [, event, , jobId, , wakesAt] = fields;
      const backAt = event === "delayed" ? Number(wakesAt) : Number.parseInt(id, 10); // an id begins with its time
      const isRetry =
        (event === "delayed" || event === "stalled") &&
        jobId === `s-${sessionId}` &&
        backAt < (idle?.at ?? 0);
      return isRetry ? [fields.join(" ")] : [];
    });
    return { source: "event stream of the queue", texts };
  } finally {
    redis.disconnect();
  }
};
