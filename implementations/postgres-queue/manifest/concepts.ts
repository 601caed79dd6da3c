/** The named concepts of the engine that the code uses, each with the word by which it shows that. */
import type { Concept } from "../../../harness/engines/engine.ts";

export const concepts: readonly Concept[] = [
  { name: "session row", word: "CREATE TABLE" },
  { name: "partial index", word: "WHERE due_at IS NOT NULL" },
  { name: "update within the page", word: "fillfactor" },
  { name: "advisory lock", word: "pg_advisory_xact_lock" },
  { name: "insert unless it exists", word: "ON CONFLICT DO NOTHING" },
  { name: "row lock that skips", word: "SKIP LOCKED" },
  { name: "lease and its renewal", word: "renewalsPerLease" },
  { name: "fencing number", word: "fence" },
  { name: "idempotency key", word: "const key" },
  { name: "last step that is done", word: "hold.done" },
  { name: "listen and notify", word: "pg_notify" },
  { name: "polling", word: "pollMs" },
  { name: "connection pool", word: "new Pool" },
  { name: "answer that takes too long", word: "query_timeout" },
  { name: "reconnection", word: "askAgainMs" },
  { name: "database's clock", word: "now()" },
  { name: "monotonic clock", word: "performance.now" },
  { name: "concurrency", word: "concurrency" },
  { name: "abort signal", word: "AbortController" },
];
