/**
 * The one address of a group's workers, where their store calls them. Each connection that comes is handed to the worker that has
 * the fewest, of those that answered an HTTP/2 PING lately, and carried on as it is: what ends on one side ends on the other,
 * and what the store sends to find out whether somebody is there reaches the worker itself.
 */
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect, createServer, type Server, type Socket } from "node:net";

/** How often a worker is asked whether it is there, ms, and how long its answer is waited for before it gets no more connections. */
export interface Watch {
  readonly everyMs: number;
  readonly patienceMs: number;
}

/** How often one that has yet to come is looked for. */
const lookMs = 50;

/** What the harness sends to the balancer's process: the group that is reached at `port` has these workers. */
export interface BalancerOrder {
  readonly port: number;
  readonly workers: readonly number[];
}

/** In one environment variable of that process, what {@link Watch} says, as JSON. */
export const watchVariable = "KILLPROOF_BALANCER";

class Backend {
  readonly port: number;
  connections = 0;
  readonly #watch: Watch;
  readonly #timer: NodeJS.Timeout;
  #session: ClientHttp2Session | null = null;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #askedAt: number | null = null;

  constructor(port: number, watch: Watch) {
    this.port = port;
    this.#watch = watch;
    this.#timer = setInterval(() => this.#look(), Math.min(lookMs, watch.everyMs));
  }

  get isUp(): boolean {
    return performance.now() < this.#answeredAt + this.#watch.everyMs + this.#watch.patienceMs;
  }

  markDown(): void {
    this.#answeredAt = Number.NEGATIVE_INFINITY;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#session?.destroy();
  }

  #look(): void {
    const now = performance.now();
    if (this.#askedAt !== null && now > this.#askedAt + this.#watch.patienceMs) {
      this.markDown();
      this.#session?.destroy();
      this.#session = null;
      this.#askedAt = null;
    }
    if (this.#session !== null && now < this.#answeredAt + this.#watch.everyMs) return;
    this.#session ??= this.#open();
    if (this.#askedAt !== null || this.#session.connecting) return;
    this.#askedAt = now;
    const session = this.#session;
    session.ping((error) => {
      if (this.#session !== session) return;
      this.#askedAt = null;
      if (error === null) this.#answeredAt = performance.now();
    });
  }

  #open(): ClientHttp2Session {
    const session = connectHttp2(`http://127.0.0.1:${this.port}`);
    const forget = () => {
      if (this.#session !== session) return;
      this.#session = null;
      this.#askedAt = null;
    };
    session.on("error", () => this.markDown()); // refused, or reset: nobody is there
    session.on("goaway", forget); // the next look is on a new connection
    session.on("close", forget);
    session.unref();
    return session;
  }
}

export class Balancer {
  readonly #watch: Watch;
  readonly #server: Server;
  #backends: Backend[] = [];

  constructor(watch: Watch) {
    this.#watch = watch;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
  }

  listen(port: number): void {
    this.#server.listen(port, "127.0.0.1");
  }

  /** From now on these are the workers, by the ports at which they are reached. */
  set workers(ports: readonly number[]) {
    const kept = this.#backends.filter(({ port }) => ports.includes(port));
    for (const gone of this.#backends) if (!kept.includes(gone)) gone.close();
    const known = new Set(kept.map(({ port }) => port));
    this.#backends = [
      ...kept,
      ...ports.filter((port) => !known.has(port)).map((port) => new Backend(port, this.#watch)),
    ];
  }

  /** Takes no more connections, and asks nobody any more; those that there are go on. */
  close(): void {
    this.workers = [];
    this.#server.close();
  }

  #accept(caller: Socket): void {
    caller.on("error", () => {}); // its "close" follows
    const backend = this.#backends
      .filter(({ isUp }) => isUp)
      .sort((a, b) => a.connections - b.connections)[0];
    if (backend === undefined) {
      caller.resetAndDestroy();
      return;
    }
    backend.connections += 1;
    const worker = connect({ port: backend.port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    worker.on("error", () => {}); // likewise
    worker.once("close", (hadError) => {
      backend.connections -= 1;
      if (hadError) caller.resetAndDestroy();
      else caller.destroy();
    });
    caller.once("close", (hadError) => {
      if (hadError) worker.resetAndDestroy();
      else worker.destroy();
    });
    caller.pipe(worker);
    worker.pipe(caller);
  }
}
