/**
 * The one crash point that the world cannot see: after a lifecycle's last checkpoint, before its end is stored. It
 * lies between two requests to the store, so it is hooked where each engine makes the second one.
 */
import { basename } from "node:path";

const hooks: Readonly<Record<string, () => Promise<void>>> = {
  /** The SDK's request `task.fulfill` ends a workflow; it travels by `fetch`. */
  async resonate() {
    const send = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const isFulfill = typeof init?.body === "string" && JSON.parse(init.body).kind === "task.fulfill";
      return isFulfill ? die() : send(input, init);
    };
  },
  /** A BullMQ worker ends a job with `moveToCompleted`, once the processor has returned. */
  async "redis-bullmq"() {
    const { Job } = await import("bullmq");
    Job.prototype.moveToCompleted = die;
  },
};

/** Lets this process die by SIGKILL at that point. @throws for an implementation that has no hook. */
export async function armCompletionCrash(implementation: string): Promise<void> {
  const name = basename(new URL(implementation).pathname);
  const hook = hooks[name];
  if (hook === undefined) throw new Error(`no hook is known for the completion of ${name}`);
  await hook();
}

function die(): Promise<never> {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}
