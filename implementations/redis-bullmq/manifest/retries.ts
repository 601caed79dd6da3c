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
    // The job is delayed once for each retry, and then until it has idled: the wait's alarm is set to its deadline.
    const texts = events.flatMap(([, fields]) => {
      const [, event, , jobId, , wakesAt] = fields;
      const isRetry = event === "delayed" && jobId === `s-${sessionId}` && Number(wakesAt) < (idle?.at ?? 0);
      return isRetry ? [fields.join(" ")] : [];
    });
    return { source: "event stream of the queue", texts };
  } finally {
    redis.disconnect();
  }
};
