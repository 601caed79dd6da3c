/**
 * The connections over which the server calls this worker. A call holds its session for as long as its connection lives: the
 * server that hears nothing on one for a lease ends it, and calls another worker. This process need not hear of that, so it asks
 * before it begins a step.
 */
// concern: retry and recovery
import type { Http2Session } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";

/** The server gives up a connection not sooner than so much of a lease after it has last heard of it. */
export const patienceLeases = 0.6;

export class Callers {
  /** When the last question that the server answered was asked, ms on this process's own monotonic clock. */
  readonly #answered = new WeakMap<Http2Session, number>();
  readonly #sessions = new Set<Http2Session>();
  readonly #leaseMs: number;

  constructor(leaseMs: number) {
    this.#leaseMs = leaseMs;
  }

  /**
   * Lets each connection end in good order after a lease: the server keeps those that it has, and a worker that has just
   * started would get no work otherwise. One that nobody is at the other end of is dropped.
   */
  add(session: Http2Session): void {
    this.#sessions.add(session);
    const age = setInterval(() => {
      session.close();
      const silent = delay(this.#leaseMs, undefined, { ref: false }).then(() =>
        Promise.reject(new Error("silent")),
      );
      Promise.race([ask(session), silent]).catch(() => session.destroy());
    }, this.#leaseMs);
    session.once("close", () => {
      clearInterval(age);
      this.#sessions.delete(session);
    });
  }

  /** Resolves when the server is still there to take what a call on this connection does; rejects once it is not. */
  async ensureThere(session: Http2Session): Promise<void> {
    const askedAt = performance.now();
    const answeredAt = this.#answered.get(session);
    if (answeredAt !== undefined && askedAt < answeredAt + patienceLeases * this.#leaseMs) return;
    await ask(session);
    this.#answered.set(session, askedAt);
  }

  /** Takes no more calls; those under way go on. */
  close(): void {
    for (const session of this.#sessions) session.close();
  }

  destroy(): void {
    for (const session of this.#sessions) session.destroy();
  }
}

/** Resolves with the answer to a ping, which comes after all that the server sent before; rejects when the connection ends. */
function ask(session: Http2Session): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (session.destroyed) throw new Error("the connection has ended");
  session.ping((error) => (error === null ? resolve() : reject(error)));
  return promise;
}
