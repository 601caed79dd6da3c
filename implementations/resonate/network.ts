/**
 * Which of the SDK's networks reaches the store: the scheme of its address says so. The one place where that is decided. The
 * one for PostgreSQL brings a driver along, which is loaded for nobody else.
 */
import { HttpNetwork, PollMessageSource } from "@resonatehq/sdk";
import type { NetworkSettings, StoreNetwork } from "./store-network.ts";

export async function networkTo(settings: NetworkSettings): Promise<StoreNetwork> {
  if (new URL(settings.store.url).protocol !== "postgres:") return new StreamNetwork(settings);
  const { TableNetwork } = await import("./table-network.ts");
  return new TableNetwork(settings);
}

/** Requests over HTTP, messages over a stream of events. */
class StreamNetwork extends HttpNetwork implements StoreNetwork {
  constructor({ store, group, pid, logger, timeoutMs: timeout }: NetworkSettings) {
    const { url, prefix = "" } = store;
    const token = store.secret || undefined;
    const place = `poll/${encodeURIComponent(prefix + group)}/${encodeURIComponent(pid)}`;
    const adapter = new PollMessageSource({ url: `${url}/${place}`, token, logger });
    super({ url, token, logger, timeout, adapter });
  }

  async hearNoMore(): Promise<void> {
    await this.stop(); // closes the stream; requests and heartbeats go on
  }
}
