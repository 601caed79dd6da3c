/** How both workers and clients reach Redis: one place for its address and for what happens when Redis is away. */
// concern: wiring
import type { RedisOptions } from "ioredis";
import type { StoreAddress } from "../session/contract.ts";

/** Longer than BullMQ ever blocks, which is 10 s. */
const longestBlockMs = 12_000;

/** Commands wait for the connection to come back, for as long as it takes; BullMQ demands this of workers. */
export function connectionOptions({ url, secret }: StoreAddress) {
  const { protocol, username } = new URL(url);
  return {
    ...(protocol.includes("+sentinel") ? primaryBehind(new URL(url)) : serverAt(new URL(url))),
    username: decodeURIComponent(username) || undefined,
    password: secret || undefined,
    ...(protocol.startsWith("rediss") ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
    // concern: retry and recovery
    maxRetriesPerRequest: null,
    retryStrategy: () => 200, // BullMQ's default backs off from 1 s to 20 s: longer than a lease
    maxLoadingRetryTime: 200, // a Redis that restarts is asked again this soon while it loads its file, not after 1 s
    // After a failover the old primary may live on as a replica, and refuse each write: look for the new one, and ask again there.
    reconnectOnError: (error: Error) => (error.message.startsWith("READONLY") ? 2 : false),
    // A connection that died without a word answers nobody: one that owes an answer for longer than BullMQ ever blocks is made anew.
    socketTimeout: longestBlockMs,
    // concern: work-around for bullmq 6.7.0
    // A blocked pop that was sent again after a reconnect may outlast its time; without this, only BullMQ's own watchdog ends it, 1 s late.
    blockingTimeout: longestBlockMs,
    protocol: 2, // ioredis 6 speaks RESP3 by default; BullMQ is developed and tested against RESP2
    // concern: wiring
  } satisfies RedisOptions;
}

const serverAt = ({ hostname: host, port, pathname }: URL) => ({
  host,
  port: Number(port || 6379),
  db: Number(pathname.slice(1)),
});

/** `redis+sentinel://host:26379/name?sentinel=other:26379&db=0`: whichever server Sentinel says is the primary now. */
function primaryBehind({ host, pathname, searchParams }: URL) {
  const sentinels = [host, ...searchParams.getAll("sentinel")].map((each) => {
    const { hostname, port } = new URL(`redis://${each}`);
    return { host: hostname, port: Number(port || 26_379) };
  });
  return { sentinels, name: pathname.slice(1), db: Number(searchParams.get("db") ?? 0) };
}

/** Begins the names of the queue's keys. The braces are a hash tag: in a cluster, all keys of a queue must lie in one slot. */
export function queuePrefix({ prefix = "" }: StoreAddress): string {
  return `${prefix}{bull}`;
}
