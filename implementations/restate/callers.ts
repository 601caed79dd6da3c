/**
 * The connections over which the server calls this worker. A call holds its session for as long as its connection lives: the
 * server that hears nothing on one for a lease ends it, and calls another worker. This process need not hear of that, so it asks
 * before it begins a step.
 */
// concern: retry and recovery
import type { Http2Session } from "node:http2";

/** The server waits so much of a lease for the answer to a ping, and gives up a connection not sooner after it has last heard of it. */
const patienceLeases = 0.6;
/** By its defaults it pings every 40 to 48 s, and waits for 20 s, of which a tenth is left out for safety. */
const defaults = { leaseMs: 60_000, patienceMs: 18_000 };

export class Callers {
  /** When the last question that the server answered was asked, ms on this process's own monotonic clock. */
  readonly #answered = new WeakMap<Http2Session, number>();
  /** With what looks after each. */
  readonly #sessions = new Map<Http2Session, NodeJS.Timeout>();
  readonly #leaseMs: number;
  readonly #patienceMs: number;

  /** Without a lease, the server is one that goes by its defaults. */
  constructor(leaseMs: number | null) {
    this.#leaseMs = leaseMs ?? defaults.leaseMs;
    this.#patienceMs = leaseMs === null ? defaults.patienceMs : patienceLeases * leaseMs;
  }

  /**
   * After a lease a connection takes no more calls, and ends with those that it has: the server keeps its connections, and a worker
   * that has just started would be called on none. One that nobody is at the other end of is dropped.
   */
  add(session: Http2Session): void {
    const lookAfter = () => {
      if (session.destroyed) return; // its "close" follows
      session.goaway(); // not `close()`, after which Node answers each ping by itself, with an error
      const { promise, reject } = Promise.withResolvers<never>();
      const silent = setTimeout(() => reject(new Error("no answer")), this.#leaseMs);
      Promise.race([ask(session), promise])
        .catch(() => session.destroy())
        .finally(() => clearTimeout(silent));
    };
    this.#sessions.set(session, setInterval(lookAfter, this.#leaseMs));
    session.once("close", () => {
      clearInterval(this.#sessions.get(session));
      this.#sessions.delete(session);
    });
  }

  /** Resolves when the server is still there to take what a call on this connection does; rejects once it is not. */
  async ensureThere(session: Http2Session): Promise<void> {
    const askedAt = performance.now();
    const answeredAt = this.#answered.get(session);
    if (answeredAt !== undefined && askedAt < answeredAt + this.#patienceMs) return;
    await ask(session);
    this.#answered.set(session, askedAt);
  }

  /** Takes no more calls; those under way go on. */
  close(): void {
    for (const [session, lookingAfter] of this.#sessions) {
      clearInterval(lookingAfter);
      session.close();
    }
  }

  destroy(): void {
    for (const session of this.#sessions.keys()) session.destroy();
  }
}

/** Resolves with the answer to a ping, which comes after all that the server sent before; rejects when the connection ends. */
async function ask(session: Http2Session): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  session.ping((error) => (error === null ? resolve() : reject(error))); // throws where the connection has ended
  return promise;
}
