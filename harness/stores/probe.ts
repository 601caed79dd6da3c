/**
 * Whether a worker's requests reach its store and come back: asked over a connection of the harness's own, because no
 * engine is asked about itself. A lease that lapses while the store does not answer is nobody's mistake.
 */
import { Redis } from "ioredis";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { redisOptions } from "../world/redis-options.ts";

/** So long is an answer waited for; then the connection is given up, and the next question goes over a new one, ms. */
const patienceMs = 3_000;

/** Resolves when the store has answered; while it is away, rejects, or takes as long as that lasts. */
export type StoreProbe = () => Promise<void>;

export async function storeProbe(address: StoreAddress): Promise<StoreProbe> {
  const { url, secret } = address;
  const { protocol } = new URL(url);
  if (protocol === "redis:" || protocol === "rediss:") {
    const redis = new Redis({
      ...redisOptions(address),
      maxRetriesPerRequest: null,
      retryStrategy: () => 100,
      socketTimeout: patienceMs,
    });
    redis.on("error", () => {}); // the answer that does not come says it
    return async () => void (await redis.ping());
  }
  if (protocol === "postgres:") {
    // Loaded for nobody else: hundreds of workers start in a run.
    const [{ Pool }, { postgresOptions }] = await Promise.all([
      import("pg"),
      import("./postgres/connection.ts"),
    ]);
    const pool = new Pool({ ...postgresOptions(address), max: 1, query_timeout: patienceMs });
    pool.on("error", () => {}); // likewise
    return async () => void (await pool.query("SELECT 1"));
  }
  const headers = { authorization: `Bearer ${secret}` };
  return async () => {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(patienceMs) });
    await answer.text(); // any answer will do
  };
}
