/**
 * What an engine itself says of a retry: a line of the SDK's log, or an event of the queue. It is quoted beside a
 * claim's figures, so that a reader sees that the retry is the engine's own.
 */
import { Redis } from "ioredis";
import type { Trial, TrialWorker } from "../trial.ts";
import type { Evidence } from "./claim.ts";

type Quote = { readonly source: string; readonly text: string };
type Reader = (trial: Trial, worker: TrialWorker, sessionId: string) => Promise<Quote | null>;

const readers: Readonly<Record<string, Reader>> = {
  async resonate(_trial, { child }) {
    const line = child.log().findLast((each) => each.includes("retrying in"));
    return line === undefined ? null : { source: "log of the SDK, in the worker", text: line.trim() };
  },
  async "redis-bullmq"({ stage, group }, _worker, sessionId) {
    const { url, secret } = stage.store.address;
    const redis = new Redis(url, { password: secret });
    try {
      const events = await redis.xrange(`bull:${group}:events`, "-", "+");
      const fields = events
        .map(([, flat]) => flat)
        .findLast((flat) => flat.includes("delayed") && flat.includes(`s-${sessionId}`));
      return fields === undefined ? null : { source: "event stream of the queue", text: fields.join(" ") };
    } finally {
      redis.disconnect();
    }
  },
};

/** One quote, or none where the engine is not known here or said nothing. */
export async function quoteRetry(
  trial: Trial,
  worker: TrialWorker,
  sessionId: string,
): Promise<readonly Evidence[]> {
  const quote = await readers[trial.stage.targetName.split("@")[0] ?? ""]?.(trial, worker, sessionId);
  return quote == null ? [] : [{ kind: "quote", ...quote }];
}
