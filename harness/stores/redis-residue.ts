/** What a baseline leaves behind in Redis: what is still there, and will not go away by itself, once every session has ended. */
import type { Redis } from "ioredis";
import type { Residue } from "../world/entry.ts";

/** What belongs to a queue of BullMQ. */
const ofQueue = /^\{?bull\}?:/;
/** What BullMQ keeps for a queue as such, however many jobs it saw; behind the run's prefix, where there is one. */
const queueBookkeeping = /^\{?bull\}?:[^:]+:(meta|events|id|marker)$/;

/**
 * Keys under the prefix (every key, where it is empty) that will never go away by themselves: everything without a TTL,
 * except the queue's own bookkeeping and the jobs that it keeps as completed, which are a record as other engines keep theirs.
 * A queued, delayed, active or failed job has such keys, and stands in one of the queue's lists.
 */
export async function residueIn(
  redis: Redis,
  sessions: ReadonlySet<string>,
  prefix: string,
): Promise<readonly Residue[]> {
  /** Of a job the id stands behind `s-`, and a session's own id may begin so too. */
  const sessionOf = (id: string, key: string) => {
    const ofJob = id.replace(/^s-/, "");
    const candidates = ofQueue.test(key.slice(prefix.length)) ? [ofJob, id] : [id, ofJob];
    return candidates.find((candidate) => sessions.has(candidate)) ?? null;
  };
  const residue = new Map<string, Residue>();
  for await (const keys of keysUnder(redis, prefix)) {
    for (const key of keys) {
      if (queueBookkeeping.test(key.slice(prefix.length)) || (await redis.ttl(key)) !== -1) continue;
      const type = await redis.type(key);
      if (await isRecord(redis, key, type)) continue;
      const jobs =
        type === "list"
          ? await redis.lrange(key, 0, -1)
          : type === "zset"
            ? await redis.zrange(key, "0", "-1")
            : [];
      for (const id of [...jobs, ...(jobs.length === 0 ? [key.slice(key.lastIndexOf(":") + 1)] : [])]) {
        const what = jobs.length === 0 ? `key ${key} without a TTL` : `job ${id} in ${key}`;
        residue.set(what, { session: sessionOf(id, key), what });
      }
    }
  }
  return [...residue.values()];
}

/** Whether a key is of jobs that have completed: the list of them, or one of them. */
async function isRecord(redis: Redis, key: string, type: string): Promise<boolean> {
  const end = key.lastIndexOf(":");
  if (type === "zset") return key.slice(end) === ":completed";
  return (
    type === "hash" && (await redis.zscore(`${key.slice(0, end)}:completed`, key.slice(end + 1))) !== null
  );
}

/** All keys that begin with the prefix, some at a time. The prefix holds nothing that a glob pattern would take for its own. */
export function keysUnder(redis: Redis, prefix: string): AsyncIterable<string[]> {
  return redis.scanStream({ match: `${prefix}*`, count: 1000 });
}
