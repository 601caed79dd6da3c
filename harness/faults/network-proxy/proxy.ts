/**
 * A TCP proxy between one process and its store: the place where the network between the two can fail, whichever of them calls
 * the other. "The process" is the one that is not the store.
 *
 * What it shares with a real partition: it is silent. No FIN and no RST tells anybody. Bytes wait and are delivered in
 * order afterwards, since TCP loses none in the middle of a stream. A connection whose other end died meanwhile stays
 * half-open. A new one is not made while either direction is stopped, since a handshake needs both.
 *
 * What it does not: an attempt to connect is accepted at once and then hangs, where a real one would hang itself, so a
 * bound on the time to connect does not bite; where the store listens no more, it is reset instead of refused. What
 * waited arrives right at `heal`, where TCP would wait for its next retransmission. And the kernel under the proxy
 * acknowledges what it takes, so that nothing happens which takes TCP minutes: giving up on retransmissions and probes.
 */
import { createServer, type Socket } from "node:net";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { HarnessError } from "../../errors.ts";
import { type Network, ProxiedConnection, type ProxySide, type Swallow, wholeNetwork } from "./connection.ts";
import type { Wanted } from "./protocol.ts";

type Stops = "to-store" | "from-store" | "both";

export interface ProxyTraffic {
  /** Connections accepted. */
  readonly connections: number;
  readonly bytesToStore: number;
  readonly bytesFromStore: number;
  /** How often the process spoke after the store had, on whatever connection: what is pipelined counts once. */
  readonly roundTrips: number;
}

export interface ProxyConnection {
  /** Where the process connects instead of to the store, on loopback; or the store, instead of to the process. */
  readonly port: number;
  /**
   * Stops forwarding in this direction until `heal`; what is sent waits. Connections stay open; new ones are accepted
   * and hang.
   */
  stop(direction: Stops): void;
  /** Adds this latency to every chunk in both directions until `heal`, ms; order is kept. */
  delay(latencyMs: number): void;
  /** Resets all connections now (RST), but those that vanished, whatever waits in them; new ones are accepted at once. */
  cut(): void;
  /**
   * The next request whose bytes satisfy `matches` (default: any) is applied by the store, and its answer never comes:
   * when the answer's first bytes arrive they are dropped, and the connection is reset. Resolves when that happened;
   * never, where `heal` or `close` comes first.
   *
   * With Redis, `matches` is asked about each command by itself. Answers to commands before it are delivered; commands
   * pipelined behind it do not reach the store. Subscribers' connections are passed over. In any other protocol a
   * request is all that the process sent since the store last spoke, and `matches` is asked each time that it grows.
   */
  swallowReply(matches?: Wanted): Promise<void>;
  /**
   * The connections that are open now carry nothing any more, in either direction, not even an end, until `close`; new ones
   * are as good as ever. Resolves when whoever made them has given up each of them.
   */
  vanish(): Promise<void>;
  /** Forwards everything again, in order; what waited is delivered, but on connections that vanished. */
  heal(): void;
  /** What went through so far. */
  readonly traffic: ProxyTraffic;
  /** Ends all connections and listens no more. */
  close(): Promise<void>;
}

interface ProxySettings {
  readonly port: number;
  /** The port of whoever is called, on loopback. */
  readonly to: number;
  /** Whether it is the store that calls, and the process that is called. */
  readonly isCalledByStore?: boolean;
}

/** Opens a proxy between a process and its store. @throws HarnessError when `port` cannot be listened on. */
export async function openProxy(settings: ProxySettings): Promise<ProxyConnection> {
  const proxy = new TcpProxy(settings);
  await proxy.listen();
  return proxy;
}

/** Where a process finds its store when it is to go through the proxy. */
export function proxiedAddress(store: StoreAddress, proxy: Pick<ProxyConnection, "port">): StoreAddress {
  const { url } = store;
  const proxied = new URL(url);
  proxied.host = `127.0.0.1:${proxy.port}`;
  return { ...store, url: url.endsWith("/") ? proxied.href : proxied.href.replace(/\/$/, "") };
}

class TcpProxy implements ProxyConnection, ProxySide {
  readonly port: number;
  readonly calledPort: number;
  readonly isCalledByStore: boolean;
  network: Network = wholeNetwork;
  swallows: Swallow[] = [];
  readonly traffic = { connections: 0, bytesToStore: 0, bytesFromStore: 0, roundTrips: 0 };
  readonly #server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
  readonly #connections = new Set<ProxiedConnection>();

  constructor({ port, to, isCalledByStore = false }: ProxySettings) {
    this.port = port;
    this.calledPort = to;
    this.isCalledByStore = isCalledByStore;
  }

  async listen(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", ({ message }) => {
      const cause = `A proxy to a store cannot listen on port ${this.port} (${message}).`;
      reject(
        new HarnessError(
          cause,
          "Stop what listens there, or leave --port out, so that any free one is used.",
        ),
      );
    });
    this.#server.listen(this.port, "127.0.0.1", resolve);
    return promise;
  }

  stop(direction: Stops): void {
    const { toStore, fromStore } = this.network.stopped;
    const stopped = {
      toStore: toStore || direction !== "from-store",
      fromStore: fromStore || direction !== "to-store",
    };
    this.#become({ ...this.network, stopped });
  }

  delay(latencyMs: number): void {
    this.#become({ ...this.network, latencyMs });
  }

  cut(): void {
    for (const connection of this.#connections) if (!connection.vanished) connection.cut();
  }

  async vanish(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.vanish()));
  }

  swallowReply(matches: Wanted = () => true): Promise<void> {
    return new Promise((swallowed) => this.swallows.push({ matches, swallowed }));
  }

  heal(): void {
    this.swallows = [];
    for (const connection of this.#connections) connection.release();
    this.#become(wholeNetwork);
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    for (const connection of this.#connections) connection.cut();
    return promise;
  }

  forget(connection: ProxiedConnection): void {
    this.#connections.delete(connection);
  }

  countToStore(bytes: number, isNewTurn: boolean): void {
    this.traffic.bytesToStore += bytes;
    if (isNewTurn) this.traffic.roundTrips += 1;
  }

  countFromStore(bytes: number): void {
    this.traffic.bytesFromStore += bytes;
  }

  #become(network: Network): void {
    this.network = network;
    for (const connection of this.#connections) connection.meet(network);
  }

  #accept(socket: Socket): void {
    this.traffic.connections += 1;
    this.#connections.add(new ProxiedConnection(this, socket));
  }
}
