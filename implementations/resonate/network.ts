/** Which of the SDK's networks reaches the store: the scheme of its address says so. The one place where that is decided. */
import { HttpNetwork, type Logger, type Network, PollMessageSource } from "@resonatehq/sdk";
import type { StoreAddress } from "../session/contract.ts";
import { TableNetwork } from "./table-network.ts";

export interface NetworkSettings {
  readonly store: StoreAddress;
  /** Who is meant by a message to the group. */
  readonly group: string;
  /** Who is meant by a message to this process alone. */
  readonly pid: string;
  readonly logger: Logger;
  /** How long a request may take, ms; undefined leaves it to the SDK, which waits for 10 s. */
  readonly timeoutMs: number | undefined;
}

/** A network that can stop listening for work before it stops sending. */
export interface StoreNetwork extends Network {
  hearNoMore(): Promise<void>;
}

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
