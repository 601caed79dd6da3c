/**
 * Brings messages to the processes that poll, and brings them again where they were lost on the way. It
 * follows the changes that left the journal, so it never speaks of a state that a crash could undo; and
 * since a lost message is only time lost, it keeps all of its own state in memory.
 */
import { parseAddress } from "./address.ts";
import { Connection, Connections, type Outlet } from "./connections.ts";
import type { AddressedMessage } from "./engine.ts";
import type { Change } from "./sdk-server.ts";
import { type Capacity, type Envelope, mailboxOf, WaitingRoom } from "./waiting-room.ts";

export interface DispatcherSettings {
  /** After how long an execute message that no worker acquired is sent again, ms (`--tasks-retry-timeout`). */
  readonly redeliverAfterMs: number;
  /** A clock that never steps, ms. */
  readonly now?: () => number;
  readonly capacity?: Capacity;
}

/** For how many redelivery times a process that left a message lying is passed over. */
const shunFactor = 5;

/**
 * How long after it was written an unblock message is owed to a process whose connection broke. The SDK
 * asks again by itself only once a minute; a message that it gets twice does no harm.
 */
export const unblockOwedForMs = 5_000;

const defaultCapacity: Capacity = { messages: 10_000, mailboxes: 256 };

interface Sent {
  readonly envelope: Envelope;
  readonly connection: Connection;
  readonly sentAtMs: number;
}

export class Dispatcher {
  readonly #redeliverAfterMs: number;
  readonly #now: () => number;
  readonly #connections = new Connections();
  readonly #waiting: WaitingRoom;
  /** Execute messages that were written and not acquired, by task; oldest first, as `Map` keeps the order. */
  readonly #unacquired = new Map<string, Sent>();
  /** Unblock messages that may not have arrived yet, oldest first. */
  #owed: Sent[] = [];

  constructor({
    redeliverAfterMs,
    now = () => performance.now(),
    capacity = defaultCapacity,
  }: DispatcherSettings) {
    this.#redeliverAfterMs = redeliverAfterMs;
    this.#now = now;
    this.#waiting = new WaitingRoom(capacity);
  }

  /** Messages that wait for a process to connect. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Messages that were written and are watched. */
  get watched(): number {
    return this.#unacquired.size + this.#owed.length;
  }

  /** A process started to poll: it gets what waited for it and for its group. */
  connect(group: string, pid: string, outlet: Outlet): Connection {
    const connection = new Connection(group, pid, outlet);
    const replaced = this.#connections.add(connection);
    if (replaced !== undefined) {
      replaced.outlet.close();
      this.disconnect(replaced);
    }
    for (const envelope of this.#waiting.take(mailboxOf(group, pid))) this.#write(envelope, connection);
    this.#handOut(group);
    return connection;
  }

  /** A connection closed: what was written to it and not acquired goes to another process at once. */
  disconnect(connection: Connection): void {
    this.#connections.remove(connection);
    const lost: Envelope[] = [];
    for (const taskId of connection.heldTasks) {
      const sent = this.#unacquired.get(taskId);
      if (sent !== undefined) lost.push(sent.envelope);
    }
    this.#forgetArrivedUnblocks();
    const owedElsewhere: Sent[] = [];
    for (const sent of this.#owed) {
      if (sent.connection === connection) lost.push(sent.envelope);
      else owedElsewhere.push(sent);
    }
    this.#owed = owedElsewhere;
    for (const envelope of lost) this.#route(envelope, null);
  }

  /** Follows the state: sends the messages among the changes, and stops watching tasks that wait no more. */
  observe(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === "message.send") this.send(change);
      else if (change.kind === "task.set" && change.task.state !== "pending") {
        const holder = this.#forgetTask(change.task.id);
        if (holder === null) continue;
        if (holder.pid === change.task.pid) holder.shunnedUntilMs = 0;
        this.#handOut(holder.group);
      }
    }
  }

  /** Sends one message, in place of an older one for the same task. Addresses of other kinds are ignored. */
  send({ address, message }: AddressedMessage): void {
    const target = parseAddress(address);
    if (target === null) return;
    if (message.kind === "execute") this.#forgetTask(message.data.task.id);
    this.#route({ target, message }, null);
  }

  /** Sends again what was not acquired in time. To be called often; costs nothing when nothing is late. */
  redeliver(): void {
    const nowMs = this.#now();
    this.#forgetArrivedUnblocks();
    for (const { envelope, connection, sentAtMs } of this.#unacquired.values()) {
      if (nowMs - sentAtMs < this.#redeliverAfterMs) return;
      connection.shunnedUntilMs = nowMs + shunFactor * this.#redeliverAfterMs;
      this.#route(envelope, connection);
    }
  }

  /** Ends all connections. */
  close(): void {
    for (const connection of this.#connections.all()) connection.outlet.close();
  }

  /** Gives what waits for anybody of the group to those who have room for it, oldest first. */
  #handOut(group: string): void {
    const mailbox = mailboxOf(group, null);
    for (;;) {
      const envelope = this.#waiting.oldest(mailbox);
      if (envelope === undefined) return;
      const connection = this.#connections.choose(envelope.target, this.#now(), null);
      if (connection === null) return;
      this.#waiting.remove(mailbox, envelope);
      this.#write(envelope, connection);
    }
  }

  #route(envelope: Envelope, avoided: Connection | null): void {
    const { target, message } = envelope;
    const connection = this.#connections.choose(target, this.#now(), avoided);
    if (connection !== null) {
      this.#write(envelope, connection);
      return;
    }
    if (message.kind === "execute") this.#forgetTask(message.data.task.id);
    this.#waiting.add(mailboxOf(target.group, target.cast === "uni" ? target.pid : null), envelope);
  }

  #write(envelope: Envelope, connection: Connection): void {
    const sent: Sent = { envelope, connection, sentAtMs: this.#now() };
    const { message } = envelope;
    if (message.kind === "execute") {
      const taskId = message.data.task.id;
      this.#forgetTask(taskId);
      this.#unacquired.set(taskId, sent);
      connection.heldTasks.add(taskId);
    } else {
      this.#owed.push(sent);
    }
    connection.outlet.write(message);
  }

  /** Returns the connection that held the task's message. */
  #forgetTask(taskId: string): Connection | null {
    this.#waiting.forgetTask(taskId);
    const sent = this.#unacquired.get(taskId);
    if (sent === undefined) return null;
    this.#unacquired.delete(taskId);
    sent.connection.heldTasks.delete(taskId);
    return sent.connection;
  }

  #forgetArrivedUnblocks(): void {
    const owedSinceMs = this.#now() - unblockOwedForMs;
    const firstOwed = this.#owed.findIndex(({ sentAtMs }) => sentAtMs > owedSinceMs);
    this.#owed.splice(0, firstOwed === -1 ? this.#owed.length : firstOwed);
  }
}
