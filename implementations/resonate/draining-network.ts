/**
 * A network that also knows which tasks this process holds, so that a worker can leave when it holds none.
 * `Resonate.stop()` alone neither drains nor releases (SDK 0.11.5): it would cut off what runs in the middle of a
 * step, to be repeated elsewhere once the lease has run out.
 */
// concern: shutdown
import { setTimeout as delay } from "node:timers/promises";
import type { Network, Recv, Send } from "@resonatehq/sdk";
import type { StoreNetwork } from "./store-network.ts";

type AnyRequest = Parameters<Send>[0];

/** How often a worker that leaves looks whether it holds anything, ms. */
const lookMs = 10;

interface RetriesAndLease {
  readonly leaseMs: number;
  readonly retryDelayMs: number;
}

export class DrainingNetwork implements Network {
  private readonly network: StoreNetwork;
  private readonly leaseMs: number;
  private readonly retryDelayMs: number;
  /**
   * The tasks that are held, or asked for, by id and version: an answer may come when the same task has been taken again. Of
   * each, when it was last spoken of to the store, ms on a clock that never steps.
   */
  private readonly held = new Map<string, number>();

  constructor(network: StoreNetwork, { leaseMs, retryDelayMs }: RetriesAndLease) {
    this.network = network;
    this.leaseMs = leaseMs;
    this.retryDelayMs = retryDelayMs;
  }

  readonly send: Send = async (request) => {
    // concern: work-around for @resonatehq/sdk 0.11.5
    // The store hands a task that is released out again at once. One that this worker cannot run (a result that cannot be
    // encoded, a function that it does not have) would go round as fast as the two can speak.
    if (request.kind === "task.release") await delay(this.retryDelayMs);
    // concern: shutdown
    this.onRequest(request);
    try {
      const response = await this.network.send(request);
      this.onEnd(request, response.head.status);
      return response;
    } catch (error) {
      this.onEnd(request, null);
      throw error;
    }
  };

  /**
   * Takes no more work, and resolves when all that was taken has come to its wait, its end or its release. The SDK renews
   * what it works on each half lease; a task that it has not spoken of for a lease it has forgotten, such as one that it
   * acquired and could not decode. What is still held after `longestMs` is left to the next worker, when its lease is over.
   */
  async drain(longestMs: number): Promise<void> {
    const until = performance.now() + longestMs;
    await this.network.hearNoMore();
    const isAtWork = (at: number) => performance.now() - at < this.leaseMs;
    while (performance.now() < until && [...this.held.values()].some(isAtWork)) await delay(lookMs);
  }

  readonly recv: Recv = (onMessage) => this.network.recv(onMessage);

  get unicast(): string {
    return this.network.unicast;
  }

  get anycast(): string {
    return this.network.anycast;
  }

  match(target: string): string {
    return this.network.match(target);
  }

  init(): Promise<void> {
    return this.network.init();
  }

  stop(): Promise<void> {
    return this.network.stop();
  }

  get connected(): Promise<void> {
    return this.network.connected;
  }

  private onRequest({ kind, data }: AnyRequest): void {
    if (kind === "task.acquire") this.held.set(acquired(data), performance.now());
    else if (kind === "task.fence") this.onWord(nameOf(data));
    else if (kind === "task.heartbeat") for (const task of data.tasks) this.onWord(nameOf(task));
  }

  /** `status` is the answer's; null where there was none. */
  private onEnd({ kind, data }: AnyRequest, status: number | null): void {
    if (kind === "task.acquire" && status !== 200) this.held.delete(acquired(data));
    const letsGo =
      // One that is answered by a redirect goes on here; any other failure is followed by a release.
      (kind === "task.suspend" && status === 200) ||
      (kind === "task.fulfill" && status !== null) ||
      kind === "task.release";
    if (letsGo) this.held.delete(nameOf(data));
  }

  private onWord(name: string): void {
    if (this.held.has(name)) this.held.set(name, performance.now());
  }
}

interface TaskVersion {
  readonly id: string;
  readonly version: number;
}

function nameOf({ id, version }: TaskVersion): string {
  return `${version} ${id}`;
}

/** Acquiring a task raises its version: from then on it is spoken of by that. */
function acquired({ id, version }: TaskVersion): string {
  return nameOf({ id, version: version + 1 });
}
