/**
 * The one crash point that the world cannot see: after a lifecycle's last checkpoint, before its end is stored. It
 * lies between two requests to the store, so it is hooked where each engine makes the second one.
 */
import { basename } from "node:path";
import type { Pool } from "pg";
import { die } from "../world/redis-world.ts";

/** A query that has a name. */
interface Asked {
  readonly name: string;
  readonly values: readonly unknown[];
}

const hooks: Readonly<Record<string, () => Promise<void>>> = {
  /** The SDK's request `task.fulfill` ends a workflow; it travels by `fetch`, or as the argument of a query. */
  async resonate() {
    const isFulfill = (text: unknown) => typeof text === "string" && JSON.parse(text).kind === "task.fulfill";
    const send = globalThis.fetch;
    globalThis.fetch = (input, init) => (isFulfill(init?.body) ? die() : send(input, init));
    const { Pool } = await import("pg");
    const query = Pool.prototype.query;
    Pool.prototype.query = function (this: Pool, text: string, values?: unknown[]) {
      return text.includes("resonate_rpc") && isFulfill(values?.[0])
        ? die()
        : Reflect.apply(query, this, [text, values]);
    } as typeof query;
  },
  /** A BullMQ worker ends a job with `moveToCompleted`, once the processor has returned. */
  async "redis-bullmq"() {
    const { Job } = await import("bullmq");
    Job.prototype.moveToCompleted = die;
  },
  /** Here the last checkpoint is the end: one statement. A worker can die behind it, before it has heard that it is done. */
  async "postgres-outbox"() {
    const { Pool } = await import("pg");
    const query: (this: Pool, asked: Asked) => Promise<unknown> = Pool.prototype.query;
    Pool.prototype.query = async function (this: Pool, asked: Asked) {
      const answer = await query.call(this, asked);
      return asked.name === "letGo" && asked.values.includes("cleanup") ? die() : answer;
    } as typeof Pool.prototype.query;
  },
};

/** Those whose last checkpoint is the end of the lifecycle: a worker that comes after such a death finds nothing to do. */
const endingAtOnce: readonly string[] = ["postgres-outbox"];

/** How often a session can die there, one worker after another, where `depth` are to. Pure. */
export function completionDeathsOf(implementation: string, depth: number): number {
  return endingAtOnce.includes(nameOf(implementation)) ? 1 : depth;
}

const nameOf = (implementation: string) => basename(new URL(implementation).pathname);

/** Lets this process die by SIGKILL at that point. @throws for an implementation that has no hook. */
export async function armCompletionCrash(implementation: string): Promise<void> {
  const name = nameOf(implementation);
  const hook = hooks[name];
  if (hook === undefined) throw new Error(`no hook is known for the completion of ${name}`);
  await hook();
}
