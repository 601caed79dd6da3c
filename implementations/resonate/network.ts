/**
 * Which of the SDK's networks reaches the store: the scheme of its address says so. The one place where that is decided. The
 * one for PostgreSQL brings a driver along, which is loaded for nobody else.
 */
// concern: wiring
import { HttpNetwork, type Send } from "@resonatehq/sdk";
import { MessageStream } from "./message-stream.ts";
import type { NetworkSettings, StoreNetwork } from "./store-network.ts";
import { usualTimeoutMs, within } from "./time-limit.ts";

export async function networkTo(settings: NetworkSettings): Promise<StoreNetwork> {
  if (new URL(settings.store.url).protocol !== "postgres:") return new StreamNetwork(settings);
  const { TableNetwork } = await import("./table-network.ts");
  return new TableNetwork(settings);
}

/** Requests over HTTP, messages over a stream of events. */
class StreamNetwork extends HttpNetwork implements StoreNetwork {
  private readonly stream: MessageStream;
  private readonly timers: string;
  private readonly initialized = Promise.withResolvers<void>();

  constructor(settings: NetworkSettings) {
    const {
      store,
      group,
      pid,
      logger,
      timeoutMs = usualTimeoutMs,
      onConnected,
      timers = "default",
    } = settings;
    const { url, secret, prefix = "" } = store;
    const stream = new MessageStream({ url, secret, group: prefix + group, pid, logger });
    super({ url, token: secret || undefined, logger, timeout: timeoutMs, adapter: stream });
    this.stream = stream;
    this.timers = timers === "default" ? timers : prefix + timers;
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
    return super.match(target === "default" ? this.timers : target);
  }

  async hearNoMore(): Promise<void> {
    await this.stream.stop(); // requests and heartbeats go on
  }
}
