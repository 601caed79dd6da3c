/**
 * A network that also knows how many tasks this process holds, so that a worker can leave when it holds none.
 * `Resonate.stop()` alone neither drains nor releases (SDK 0.11.5): it would cut off what runs in the middle of a
 * step, to be repeated elsewhere once the lease has run out.
 */
import type { Network, Recv, Send } from "@resonatehq/sdk";
import type { StoreNetwork } from "./store-network.ts";

export class DrainingNetwork implements Network {
  private readonly network: StoreNetwork;
  private tasksHeld = 0;
  private onNoneHeld: () => void = () => {};

  constructor(network: StoreNetwork) {
    this.network = network;
  }

  readonly send: Send = async (request) => {
    if (request.kind === "task.acquire") this.tasksHeld++;
    let ended = request.kind === "task.acquire" || request.kind === "task.release";
    try {
      const response = await this.network.send(request);
      // A suspension that is answered by a redirect goes on here; any other failure is followed by a release.
      if (response.kind === "task.acquire" || response.kind === "task.suspend")
        ended = (response.head.status === 200) === (response.kind === "task.suspend");
      if (response.kind === "task.fulfill") ended = true;
      return response;
    } finally {
      if (ended && --this.tasksHeld === 0) this.onNoneHeld();
    }
  };

  /** Takes no more work, and resolves when all that was taken has come to its wait, its end or its release. */
  async drain(): Promise<void> {
    await this.network.hearNoMore();
    if (this.tasksHeld > 0) await new Promise<void>((resolve) => (this.onNoneHeld = resolve));
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
}
