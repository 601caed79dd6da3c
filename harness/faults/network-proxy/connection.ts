/**
 * One connection through a proxy: the socket of the caller, the socket of whoever is called, and the two directions between them.
 * Here a fault of the network becomes what it means for this connection.
 */
import { Socket } from "node:net";
import { Direction, reset } from "./direction.ts";
import { type Protocol, protocolOf, type Wanted } from "./protocol.ts";

/** What the network does to all connections of a proxy. */
export interface Network {
  readonly stopped: { readonly toStore: boolean; readonly fromStore: boolean };
  readonly latencyMs: number;
}

export const wholeNetwork: Network = { stopped: { toStore: false, fromStore: false }, latencyMs: 0 };

/** A reply that somebody wants to be swallowed. */
export interface Swallow {
  readonly matches: Wanted;
  readonly swallowed: () => void;
}

/** What a connection needs to know of its proxy. */
export interface ProxySide {
  readonly calledPort: number;
  readonly isCalledByStore: boolean;
  readonly network: Network;
  /** Replies to be swallowed for which no request has been found, oldest first. */
  readonly swallows: Swallow[];
  forget(connection: ProxiedConnection): void;
  countToStore(bytes: number, isNewTurn: boolean): void;
  countFromStore(bytes: number): void;
}

export class ProxiedConnection {
  readonly #proxy: ProxySide;
  readonly #caller: Socket;
  readonly #called = new Socket({ allowHalfOpen: true });
  /** From the caller: held until the other one is there. */
  readonly #toCalled: Direction;
  readonly #toStore: Direction;
  readonly #fromStore: Direction;
  #protocol: Protocol | null = null;
  /** The reply that is to be swallowed here, once its request was found. */
  #swallow: Swallow | null = null;
  #dialled = false;
  #storeSpokeLast = true;
  /** Told that the caller has given it up; null while it carries anything. */
  #onGivenUp: (() => void) | null = null;

  constructor(proxy: ProxySide, caller: Socket) {
    this.#proxy = proxy;
    this.#caller = caller;
    const called = this.#called;
    const [process, store] = proxy.isCalledByStore ? [called, caller] : [caller, called];
    for (const socket of [process, store]) socket.on("error", () => {}); // its "close" follows, and is handed on
    this.#toStore = new Direction({ source: process, sink: store, gate: (chunk) => this.#ask(chunk) });
    this.#fromStore = new Direction({
      source: store,
      sink: process,
      gate: (chunk) => this.#answer(chunk),
      onHeld: () => this.#swallowReply(),
    });
    this.#toCalled = proxy.isCalledByStore ? this.#fromStore : this.#toStore;
    for (const event of ["end", "close"]) {
      caller.on(event, () => {
        this.#onGivenUp?.();
        if (!this.#dialled) this.cut(); // given up before the network let it through: the other one never hears of it
      });
    }
    process.on("close", () => this.#returnSwallow());
    for (const socket of [process, store]) {
      socket.on("close", () => {
        if (process.closed && store.closed) proxy.forget(this); // half-open until then
      });
    }
    this.#toCalled.hold();
    this.meet(proxy.network);
  }

  /** Adapts to the network. A connection that came while it was stopped, in whatever direction, is made only once it is not. */
  meet({ stopped, latencyMs }: Network): void {
    if (!this.#dialled && !this.vanished && !stopped.toStore && !stopped.fromStore) this.#dial();
    this.#toStore.conditions = { stopped: stopped.toStore, latencyMs };
    this.#fromStore.conditions = { stopped: stopped.fromStore, latencyMs };
  }

  /** Forgets what was to be swallowed. */
  release(): void {
    this.#swallow = null;
    this.#protocol?.release();
    if (this.#dialled && !this.vanished) this.#toStore.letGo();
  }

  /** Carries nothing any more, not even an end. Resolves when the caller has given it up. */
  vanish(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onGivenUp = resolve;
    if (this.#caller.readableEnded || this.#caller.closed) resolve();
    for (const direction of [this.#toStore, this.#fromStore]) direction.hold();
    return promise;
  }

  get vanished(): boolean {
    return this.#onGivenUp !== null;
  }

  /** Resets both sides. */
  cut(): void {
    reset(this.#caller);
    reset(this.#called);
  }

  #dial(): void {
    this.#dialled = true;
    this.#called.setNoDelay().connect(this.#proxy.calledPort, "127.0.0.1");
    this.#toCalled.letGo();
  }

  #ask(chunk: Buffer): number {
    this.#protocol ??= protocolOf(chunk);
    const { swallows } = this.#proxy;
    const isSearching = swallows.length > 0 && this.#swallow === null;
    const passing = this.#protocol.ask(chunk, isSearching ? (request) => this.#choose(request) : null);
    this.#proxy.countToStore(passing, this.#storeSpokeLast);
    this.#storeSpokeLast = false;
    return passing;
  }

  #choose(request: Buffer): boolean {
    const { swallows } = this.#proxy;
    const index = swallows.findIndex(({ matches }) => matches(request));
    if (index === -1) return false;
    [this.#swallow = null] = swallows.splice(index, 1);
    return true;
  }

  #answer(chunk: Buffer): number {
    const passing = this.#protocol?.answer(chunk) ?? chunk.length;
    this.#proxy.countFromStore(passing);
    this.#storeSpokeLast = true;
    if (this.#swallow !== null && this.#protocol?.hasChosen === false) {
      // It turned out that answers cannot be told apart here: another connection may have a request like it.
      this.#returnSwallow();
      this.#toStore.letGo();
    }
    return passing;
  }

  /** The answer's first bytes are here, so the request was applied. */
  #swallowReply(): void {
    const swallow = this.#swallow;
    this.#swallow = null;
    this.cut();
    swallow?.swallowed();
  }

  /** The next request like it, on whatever connection, takes its place: the answer to this one will never have come. */
  #returnSwallow(): void {
    if (this.#swallow !== null) this.#proxy.swallows.unshift(this.#swallow);
    this.#swallow = null;
  }
}
