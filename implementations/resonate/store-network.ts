/** What each of the networks to a store is told, and what it can do beside what the SDK asks of one. */
import type { Logger, Network } from "@resonatehq/sdk";
import type { StoreAddress } from "../session/contract.ts";

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
