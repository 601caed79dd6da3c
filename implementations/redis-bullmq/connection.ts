/** How both workers and clients reach Redis: one place for the password and for what happens when Redis is away. */
import type { RedisOptions } from "ioredis";
import type { StoreAddress } from "../../harness/contract.ts";

/** Commands wait for the connection to come back, for as long as it takes; BullMQ demands this of workers. */
export function connectionOptions({ url, secret }: StoreAddress) {
  const { hostname, port } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    password: secret,
    maxRetriesPerRequest: null,
    retryStrategy: () => 200, // BullMQ's default backs off from 1 s to 20 s: longer than a lease
  } satisfies RedisOptions;
}
