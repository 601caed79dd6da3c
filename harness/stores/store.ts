/** What the harness can do with a store: with one that it started itself all of this, with one that it was given less. */
import type { StoreAddress } from "../../implementations/session/contract.ts";
import type { Defence } from "../faults/kinds/failover.ts";
import type { Child, ChildCommand } from "../processes/reaper.ts";
import type { Residue } from "../world/entry.ts";

/**
 * What an acknowledged write survives. `process`: the death of any process, since it was written before the reply and the
 * page cache keeps it. `fsync`: the loss of power too, since it was synced before the reply. `everysec`: the loss of power
 * but for the last second or two. Redis then also acknowledges what it has yet to write while a slow sync is under way.
 */
export const durabilities = ["process", "everysec", "fsync"] as const;
export type Durability = (typeof durabilities)[number];

export interface StoreSettings {
  /** Where the store keeps its data, its configuration and nothing else. */
  readonly folder: string;
  /** Where it listens, on loopback. */
  readonly port: number;
  /** For a store that consists of several processes: where the next one listens. */
  readonly nextPort: () => Promise<number>;
  readonly durability: Durability;
  readonly leaseMs: number;
  /** Whether nobody asks for that lease, because it is what the engine takes by itself. */
  readonly leaseIsDefault?: boolean;
  /** Flags of the store's program in place of the run's own, where it takes any: the official server of Resonate does. */
  readonly flags?: Readonly<Record<string, string | number>>;
  /** Starts the store's process, at each restart again. That it ends when it is told to is no failure. */
  readonly spawn: (command: ChildCommand) => Child;
  /**
   * Has what begins with an address's prefix taken out of the store once the run has ended, in whatever way: by the function
   * `sweep` of a module, named by its URL, where that is not the one for stores of the harness's own kinds.
   */
  readonly sweepAtEnd: (address: StoreAddress, module?: string) => void;
}

/**
 * What a store has done since its process last started; a kill takes the counters with it, the disk keeps its bytes.
 * Nothing that the harness asked in order to look inside is among it. Null is what the store does not say.
 */
export interface Traffic {
  /** By kind: Redis commands, those that scripts run among them; requests of Resonate's protocol. */
  readonly requests: Readonly<Record<string, number>> | null;
  /** Bytes that clients sent and got over their connections, as the application sees them. */
  readonly bytesReceived: number | null;
  readonly bytesSent: number | null;
  /** Calls of `fsync` and `fdatasync`. */
  readonly syncs: number | null;
  /** Size of the append-only files, of the journal, or of the database with its log. */
  readonly diskBytes: number | null;
}

/** What is known of a store that says nothing, or that others use too. */
export const unknownTraffic: Traffic = {
  requests: null,
  bytesReceived: null,
  bytesSent: null,
  syncs: null,
  diskBytes: null,
};

/** The rate at which a store answers by itself, or why nobody knows it. */
export type RateAlone =
  | {
      readonly kind: "measured";
      /** What was asked, in words. */
      readonly request: string;
      /** How many requests were answered while it was measured; where the store counts requests, as it counts them. */
      readonly requests: number;
      readonly perSecond: number;
    }
  | { readonly kind: "unknown"; readonly why: string };

export interface Store {
  readonly address: StoreAddress;
  /** Name and version of the engine, for the report. */
  readonly version: string;
  /**
   * What should be gone when every session has ended; null where this kind of store cannot know what its engine keeps.
   * `sessions` are all that were ever started.
   */
  inspect(sessions: ReadonlySet<string>): Promise<readonly Residue[] | null>;
  /** What the store has done so far. Rejects while it is dead. */
  traffic(): Promise<Traffic>;
  /** SIGKILLs the store's process; resolves when the operating system reported the exit. A {@link restart} under way rejects. */
  kill(): Promise<void>;
  /**
   * Starts the store again after {@link kill}, on the same data, with the same port and secret; resolves when it answers
   * requests. @throws HarnessError when it does not.
   */
  restart(): Promise<void>;
  /** Lets it refuse every write from now on, or none any more, while it is up; absent where nothing brings it to that. */
  refuseWrites?(refuses: boolean): Promise<void>;
  /** How a replica takes its place; absent where there can be none. */
  readonly replication?: Replication;
  /** Whether one thread answers all requests, so that it can keep no more than one processor busy with them. */
  readonly isOneThread?: true;
  /**
   * How fast it answers requests as an engine makes them, with no engine there: sixteen connections, each of which waits for its
   * answer, in about two seconds. What it wrote is taken away again, or has ended. Absent where nobody knows how to ask.
   */
  rateAlone?(): Promise<RateAlone>;
  /** The files that it keeps everything in and only appends to; absent where it writes over what is there. */
  appendOnlyFiles?(): readonly string[];
  /** Ends the store; its data stays in its folder. */
  stop(): Promise<void>;
}

/** What a failover leaves of what was acknowledged while the replica was behind. */
export type Kept = "nothing" | "starts" | "everything";

/** What stands between a primary and its replica. */
export interface ReplicationLink {
  /** Where the replica connects instead of to the primary. */
  readonly port: number;
  /** Drops what it holds, and listens no more. */
  close(): Promise<void>;
}

export interface Replication {
  /** Where the primary listens. */
  readonly port: number;
  /** What each defence that it has is worth. */
  readonly keeps: Readonly<Partial<Record<Defence, Kept>>>;
  /** Starts a replica behind this link; resolves when it has all that the primary has. There is none yet. */
  attach(link: ReplicationLink, defence: Defence): Promise<void>;
  /** Resolves when the replica has all that the primary has, which may have been restarted. */
  untilInStep(): Promise<void>;
  /**
   * SIGKILLs the primary, drops what the link holds, and lets the replica take the primary's place, at its address; resolves
   * when it answers there. From then on it is the store, without a replica. Calls back when the primary is dead.
   */
  failOver(onDead?: () => void): Promise<void>;
}

export type StartStore = (settings: StoreSettings) => Promise<Store>;
