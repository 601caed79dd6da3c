/**
 * Whether a worker's requests reach its store and come back: asked over a connection of the harness's own, because no
 * engine is asked about itself. A lease that lapses while the store does not answer is nobody's mistake.
 */
import { Redis } from "ioredis";
import type { StoreAddress } from "../contract.ts";

/** Resolves when the store has answered; while it is away, rejects or takes as long as that lasts. */
export type StoreProbe = () => Promise<void>;

export function storeProbe({ url, secret }: StoreAddress): StoreProbe {
  if (url.startsWith("redis:")) {
    const redis = new Redis(url, { password: secret, maxRetriesPerRequest: null, retryStrategy: () => 100 });
    redis.on("error", () => {}); // the answer that does not come says it
    return async () => void (await redis.ping());
  }
  const headers = { authorization: `Bearer ${secret}` };
  return async () => void (await (await fetch(url, { headers })).text()); // any answer will do
}
