/**
 * What an engine itself says of its retries: lines of the SDK's log, or events of the queue. They are counted and quoted
 * beside a claim's figures, so that a reader sees that the retries are the engine's own.
 */
import { Redis } from "ioredis";
import type { Trial, TrialWorker } from "../../run/case.ts";
import { redisOptions } from "../../world/redis-options.ts";

export interface EngineWords {
  readonly source: string;
  /** One for each retry, in order. */
  readonly texts: readonly string[];
}

type Reader = (trial: Trial, worker: TrialWorker, sessionId: string) => Promise<EngineWords>;

const readers: Readonly<Record<string, Reader>> = {
  async resonate(_trial, { child }, sessionId) {
    const texts = child.log().filter((line) => line.includes("retrying in") && line.includes(sessionId));
    return { source: "log of the SDK, in the worker", texts };
  },
  async "redis-bullmq"(trial, _worker, sessionId) {
    const { address } = trial.stage.store;
    const { prefix = "" } = address;
    const redis = new Redis(redisOptions(address));
    redis.on("error", () => {}); // the read rejects by itself
    try {
      const events = await redis.xrange(`${prefix}bull:${trial.group}:events`, "-", "+");
      const idle = await trial.idle(sessionId);
      // The job is delayed once for each retry, and then until it has idled: the wait's alarm is set to its deadline.
      const texts = events.flatMap(([, fields]) => {
        const [, event, , jobId, , wakesAt] = fields;
        const isRetry =
          event === "delayed" && jobId === `s-${sessionId}` && Number(wakesAt) < (idle?.at ?? 0);
        return isRetry ? [fields.join(" ")] : [];
      });
      return { source: "event stream of the queue", texts };
    } finally {
      redis.disconnect();
    }
  },
};

/** The retries of a session's steps; null where the engine is not known here. */
export async function retriesOf(
  trial: Trial,
  worker: TrialWorker,
  sessionId: string,
): Promise<EngineWords | null> {
  const read = readers[trial.stage.targetName.split("@")[0] ?? ""];
  return read === undefined ? null : read(trial, worker, sessionId);
}
