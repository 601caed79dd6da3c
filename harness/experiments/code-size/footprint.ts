/**
 * What a reader must have and know beside the code of each side: processes to run, packages to install, and the named
 * concepts of the engine that the code uses.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { repositoryRoot } from "../../repository.ts";
import { concernOf } from "./count.ts";
import type { FootprintRow } from "./rows.ts";
import { anotherStore } from "./tables.ts";

/** A concept, and the word by which the code shows that it uses it. */
interface Concept {
  readonly name: string;
  readonly word: string;
}

interface Declared {
  readonly services: readonly string[];
  readonly concepts: readonly Concept[];
}

/** What stands in no import and no file name: it is declared here, and held against the code. */
export const declared: Readonly<Record<string, Declared>> = {
  resonate: {
    services: ["a Resonate server"],
    concepts: [
      { name: "durable function", word: "register" },
      { name: "step", word: "ctx.run" },
      { name: "durable sleep", word: "ctx.sleep" },
      { name: "retry policy", word: "retryPolicy" },
      { name: "dependency", word: "getDependency" },
      { name: "step id", word: "step.id" },
      { name: "workflow id", word: "session/" },
      { name: "worker group", word: "target: prefix + group" },
      { name: "start by RPC", word: "beginRpc" },
      { name: "handle", word: "handle.result" },
      { name: "lease", word: "ttl" },
      { name: "workflow timeout", word: "timeout" },
      { name: "network", word: "HttpNetwork" },
      { name: "task", word: "task.acquire" },
    ],
  },
  "redis-bullmq": {
    services: ["Redis with an append-only file"],
    concepts: [
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
    ],
  },
  "postgres-outbox": {
    services: ["PostgreSQL"],
    concepts: [
      { name: "session row", word: "CREATE TABLE" },
      { name: "partial index", word: "WHERE due_at IS NOT NULL" },
      { name: "update within the page", word: "fillfactor" },
      { name: "advisory lock", word: "pg_advisory_xact_lock" },
      { name: "insert unless it exists", word: "ON CONFLICT DO NOTHING" },
      { name: "row lock that skips", word: "SKIP LOCKED" },
      { name: "lease and its renewal", word: "renewalsPerLease" },
      { name: "fencing number", word: "fence" },
      { name: "idempotency key", word: "const key" },
      { name: "last step that is done", word: "indexOf(done" },
      { name: "listen and notify", word: "pg_notify" },
      { name: "polling", word: "pollMs" },
      { name: "connection pool", word: "new Pool" },
      { name: "answer that takes too long", word: "query_timeout" },
      { name: "reconnection", word: "askAgainMs" },
      { name: "database's clock", word: "now()" },
      { name: "monotonic clock", word: "performance.now" },
      { name: "concurrency", word: "concurrency" },
      { name: "abort signal", word: "AbortController" },
    ],
  },
};

/** One row for each implementation that ships with the project. */
export function footprint(): FootprintRow[] {
  return Object.entries(declared).map(([implementation, { services, concepts }]) => {
    const packages = packagesOf(sourcesOf(implementation));
    return {
      implementation,
      services,
      packages,
      packagesInAll: closureOf(packages).size,
      concepts: concepts.map(({ name }) => name),
    };
  });
}

/** The text of every file of an implementation but its tests, and what only another store than its usual one needs. */
export function sourcesOf(implementation: string): readonly string[] {
  const folder = join(repositoryRoot, "implementations", implementation);
  return readdirSync(folder)
    .filter(
      (file) =>
        file.endsWith(".ts") && !file.endsWith(".test.ts") && concernOf(join(folder, file)) !== anotherStore,
    )
    .map((file) => readFileSync(join(folder, file), "utf8"));
}

/** The npm packages that sources import by name, in order. Pure. */
export function packagesOf(sources: readonly string[]): readonly string[] {
  const names = sources
    .flatMap((text) => ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName))
    .filter((name) => !name.startsWith(".") && !name.startsWith("node:"))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  return [...new Set(names)].sort();
}

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** These packages and all that they bring along, as the lock file resolves them; optional ones are left out. */
function closureOf(packages: readonly string[]): ReadonlySet<string> {
  const lock: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(join(repositoryRoot, "package-lock.json"), "utf8"),
  );
  const found = new Set<string>();
  const visit = (name: string, from: string): void => {
    const nested = `${from}/node_modules/${name}`;
    const place = nested in lock.packages ? nested : `node_modules/${name}`;
    if (found.has(place) || !(place in lock.packages)) return;
    found.add(place);
    for (const dependency of Object.keys(lock.packages[place]?.dependencies ?? {})) visit(dependency, place);
  };
  for (const name of packages) visit(name, "");
  return found;
}
