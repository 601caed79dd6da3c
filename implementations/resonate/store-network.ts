/** What each of the networks to a store is told, and what it can do beside what the SDK asks of one. */
// concern: wiring
import type { Logger, Network } from "@resonatehq/sdk";
import type { StoreAddress } from "../session/contract.ts";

export interface NetworkSettings {
  readonly store: StoreAddress;
  /** Who is meant by a message to the group. */
  readonly group: string;
  /** Where the tasks of timers go; the SDK's group `default`, where it is left out. */
  readonly timers?: string;
  /** Who is meant by a message to this process alone. */
  readonly pid: string;
  readonly logger: Logger;
  /** How long a request may take, its answer included, ms; 10 s where it is left out. */
  readonly timeoutMs?: number | undefined;
  /** How often a network that is told of its messages by notices looks for some that nobody announced, ms; often, where it is left out. */
  readonly lookMs?: number;
  /** Called each time that messages can arrive, at first and after each break. */
  readonly onConnected?: () => void;
}

// concern: timer
/**
 * Who gets the tasks of the timers of a worker's sessions, and nothing else. The SDK sends these to the group `default`, which
 * others may use too.
 */
export function timersOf(group: string): string {
  return `${group}-timers`;
}

// concern: shutdown
/** A network that says when work can arrive, and can stop listening for it before it stops sending. */
export interface StoreNetwork extends Network {
  /** Resolves when messages can arrive for the first time. */
  readonly connected: Promise<void>;
  hearNoMore(): Promise<void>;
}
