/**
 * Which of the SDK's networks reaches the store: the scheme of its address says so. The one place where that is decided. The
 * one for PostgreSQL brings a driver along, which is loaded for nobody else.
 */
import { HttpNetwork, type Send } from "@resonatehq/sdk";
import type { StoreAddress } from "../session/contract.ts";
import { MessageStream } from "./message-stream.ts";
import { groupOf, type NetworkSettings, type StoreNetwork } from "./store-network.ts";
import { usualTimeoutMs, within } from "./time-limit.ts";

export async function networkTo(settings: NetworkSettings): Promise<StoreNetwork> {
  if (new URL(settings.store.url).protocol !== "postgres:") return new StreamNetwork(settings);
  const { TableNetwork } = await import("./table-network.ts");
  return new TableNetwork(settings);
}

/** Requests over HTTP, messages over a stream of events. */
class StreamNetwork extends HttpNetwork implements StoreNetwork {
  private readonly stream: MessageStream;
  private readonly store: StoreAddress;
  private readonly initialized = Promise.withResolvers<void>();

  constructor({ store, group, pid, logger, timeoutMs = usualTimeoutMs, onConnected }: NetworkSettings) {
    const { url, secret, prefix = "" } = store;
    const stream = new MessageStream({ url, secret, group: prefix + group, pid, logger });
    super({ url, token: secret || undefined, logger, timeout: timeoutMs, adapter: stream });
    this.stream = stream;
    this.store = store;
    if (onConnected !== undefined) stream.onOpened(onConnected);
    const { send } = this;
    this.send = ((request) => within(timeoutMs, send(request))) as Send;
  }

  override async init(): Promise<void> {
    await super.init();
    this.initialized.resolve();
  }

  get connected(): Promise<void> {
    return this.initialized.promise;
  }

  override match(target: string): string {
    return super.match(groupOf(target, this.store));
  }

  async hearNoMore(): Promise<void> {
    await this.stream.stop(); // requests and heartbeats go on
  }
}
