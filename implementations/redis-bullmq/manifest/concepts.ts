/** The named concepts of the engine that the code uses, each with the word by which it shows that. */
import type { Concept } from "../../../harness/engines/engine.ts";

export const concepts: readonly Concept[] = [
  { name: "queue", word: "new Queue" },
  { name: "job id", word: "jobId" },
  { name: "worker", word: "new Worker" },
  { name: "concurrency", word: "concurrency" },
  { name: "lock and its renewal", word: "lockDuration" },
  { name: "lock token", word: "token" },
  { name: "lost lock", word: "lockRenewalFailed" },
  { name: "abort signal", word: "throwIfAborted" },
  { name: "stalled job", word: "stalledInterval" },
  { name: "stall limit", word: "maxStalledCount" },
  { name: "attempts and backoff", word: "backoff" },
  { name: "fencing number", word: "attemptsStarted" },
  { name: "delayed job", word: "moveToDelayed" },
  { name: "DelayedError", word: "DelayedError" },
  { name: "step job", word: "row.step" },
  { name: "idempotency key", word: "idempotencyKey" },
  { name: "session row", word: "HSET" },
  { name: "Lua script", word: "defineCommand" },
  { name: "tombstone with TTL", word: "EXPIRE" },
  { name: "publish and subscribe", word: "subscribe" },
  { name: "Redis's clock", word: "redis.time" },
  { name: "reconnection", word: "retryStrategy" },
];
