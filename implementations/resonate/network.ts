/** Which of the SDK's networks reaches the store: the scheme of its address says so. The one place where that is decided. */
import { HttpNetwork, PollMessageSource } from "@resonatehq/sdk";
import type { NetworkSettings, StoreNetwork } from "./store-network.ts";
import { TableNetwork } from "./table-network.ts";

export function networkTo(settings: NetworkSettings): StoreNetwork {
  const { protocol } = new URL(settings.store.url);
  return protocol === "postgres:" ? new TableNetwork(settings) : new StreamNetwork(settings);
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
