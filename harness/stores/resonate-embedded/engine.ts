/**
 * The SDK's `LocalNetwork` state machine as a pure function of (time, request), which is what makes a
 * journal of the two enough to survive a crash. Knows nothing of files, sockets or timers.
 */
import { type DebugSnapRes, LocalNetwork, type Message, type Request, type Response } from "@resonatehq/sdk";
import { indexServer } from "./indexes.ts";
import { encodeLine, type JournalEntry } from "./journal/journal-line.ts";
import type { Change, Server } from "./sdk-server.ts";

export type TaskState = "pending" | "acquired" | "suspended" | "halted" | "fulfilled";

/** A message and the address it should reach. */
export interface AddressedMessage {
  readonly address: string;
  readonly message: Message;
}

/** What a request did. Nothing of it may leave the process before `journalLine`, if any, is in the journal. */
export interface Applied {
  readonly response: Response;
  readonly changes: readonly Change[];
  /** The line to append, newline included; null when the state is as it was. */
  readonly journalLine: string | null;
}

export interface Inventory {
  /** Ids of the promises that are not settled. */
  readonly pendingPromises: string[];
  /** The tasks that are not fulfilled. */
  readonly openTasks: { readonly id: string; readonly state: TaskState }[];
  /** Promises ever created: the state machine deletes none. */
  readonly promises: number;
}

export type Snapshot = Extract<DebugSnapRes, { head: { status: 200 } }>["data"];

export interface EngineSettings {
  /** Time of requests, ms since the epoch. */
  readonly clock?: () => number;
  /** False leaves the state machine as the SDK ships it; tests compare the two. */
  readonly indexed?: boolean;
}

/** The version of the protocol that ticks carry; the state machine does not read it. */
const tickHead = { corrId: "", version: "" };

export class StoreEngine {
  readonly #server: Server;
  readonly #clock: () => number;
  /** Time of the last request. Time never runs backwards, not even across a restart on an earlier clock. */
  #lastMs = 0;

  constructor({ clock = Date.now, indexed = true }: EngineSettings = {}) {
    // Never init(): that would start the SDK's own ticks, which nobody would journal.
    // biome-ignore lint/complexity/useLiteralKeys: `server` is private, and TypeScript admits only this form.
    this.#server = new LocalNetwork()["server"];
    this.#clock = clock;
    if (indexed) indexServer(this.#server);
  }

  /** Time of the last request or replayed line, ms. */
  get lastMs(): number {
    return this.#lastMs;
  }

  apply(request: Request): Applied {
    return this.#applyAt(this.#now(), request);
  }

  /** Fires the timers that are due: sleeps, timeouts, leases. */
  tick(): Applied {
    const nowMs = this.#now();
    return this.#applyAt(nowMs, { kind: "debug.tick", head: tickHead, data: { time: nowMs } });
  }

  /** Applies a line of the journal again. Returns what it changed then, messages included. */
  replay({ nowMs, request }: JournalEntry): readonly Change[] {
    this.#lastMs = Math.max(this.#lastMs, nowMs);
    return this.#run(nowMs, request).changes;
  }

  /**
   * An execute message for each task that waits for a worker: what a restarted store sends again. A task
   * that `resonate:delay` holds back until later is not among them; its first timeout will send it.
   */
  pendingExecutes(): AddressedMessage[] {
    const heldBackUntil = new Map<string, number>();
    for (const { id, type, timeout } of this.#server.tTimeouts) {
      const delayUntil = Number(this.#server.promises.get(id)?.tags["resonate:delay"]);
      if (type === 0 && timeout === delayUntil) heldBackUntil.set(id, delayUntil);
    }
    const messages: AddressedMessage[] = [];
    for (const { id, state, version } of this.#server.tasks.values()) {
      if (state !== "pending" || (heldBackUntil.get(id) ?? 0) > this.#now()) continue;
      const address = this.#server.promises.get(id)?.tags["resonate:target"];
      if (address === undefined) continue;
      messages.push({ address, message: { kind: "execute", head: {}, data: { task: { id, version } } } });
    }
    return messages;
  }

  /** What is still open. Linear in all that was ever created: for an inspection, not for a request. */
  inventory(): Inventory {
    const pendingPromises: string[] = [];
    for (const { id, state } of this.#server.promises.values())
      if (state === "pending") pendingPromises.push(id);
    const openTasks: { id: string; state: TaskState }[] = [];
    for (const { id, state } of this.#server.tasks.values())
      if (state !== "fulfilled") openTasks.push({ id, state });
    return { pendingPromises, openTasks, promises: this.#server.promises.size };
  }

  /** The whole state, as the SDK's own `debug.snap` tells it. */
  snapshot(): Snapshot {
    const { response } = this.#server.apply(this.#lastMs, { kind: "debug.snap", head: tickHead, data: {} });
    return JSON.parse(JSON.stringify(response.data));
  }

  #now(): number {
    this.#lastMs = Math.max(this.#lastMs, this.#clock());
    return this.#lastMs;
  }

  #applyAt(nowMs: number, request: Request): Applied {
    const { response, changes } = this.#run(nowMs, request);
    return { response, changes, journalLine: changes.length > 0 ? encodeLine({ nowMs, request }) : null };
  }

  /**
   * The state machine throws only where one of its invariants broke. Nobody catches that: the process ends,
   * and its successor starts from the journal, which knows nothing of the request.
   */
  #run(nowMs: number, request: Request): ReturnType<Server["apply"]> {
    const applied = this.#server.apply(nowMs, request);
    this.#server.outgoing.length = 0; // the messages are among the changes; the SDK would keep them for ever
    return applied;
  }
}
