/**
 * Messages that nobody is there to take, until somebody connects. Bounded: what the engine or the SDK would
 * send again anyway is dropped, oldest first, rather than kept without end.
 */
import type { Message } from "@resonatehq/sdk";
import type { Target } from "./address.ts";

/** A message on its way. */
export interface Envelope {
  readonly target: Target;
  readonly message: Message;
}

export interface Capacity {
  /** Messages for one group or one process. */
  readonly messages: number;
  /** Groups and processes that messages are kept for. */
  readonly mailboxes: number;
}

/** The mailbox of a group, or of one process in it. Unambiguous since a group has no `/`. */
export function mailboxOf(group: string, pid: string | null): string {
  return pid === null ? group : `${group}/${pid}`;
}

export class WaitingRoom {
  readonly #capacity: Capacity;
  /** Mailbox → key of the message → message, both oldest first. */
  readonly #mailboxes = new Map<string, Map<string, Envelope>>();
  /** Where the one execute message of a task waits. */
  readonly #mailboxOfTask = new Map<string, string>();

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
  }

  /** Number of messages that wait. */
  get size(): number {
    let size = 0;
    for (const mailbox of this.#mailboxes.values()) size += mailbox.size;
    return size;
  }

  /** Keeps a message; it replaces an older one of the same task or promise in this mailbox. */
  add(name: string, envelope: Envelope): void {
    const mailbox = this.#mailboxes.get(name) ?? new Map<string, Envelope>();
    const key = keyOf(envelope.message);
    mailbox.delete(key);
    mailbox.set(key, envelope);
    if (envelope.message.kind === "execute") this.#mailboxOfTask.set(envelope.message.data.task.id, name);
    if (mailbox.size > this.#capacity.messages) this.#dropOldest(mailbox);

    this.#mailboxes.delete(name);
    this.#mailboxes.set(name, mailbox);
    if (this.#mailboxes.size > this.#capacity.mailboxes) {
      for (const oldest of this.#mailboxes.keys()) {
        this.take(oldest);
        break;
      }
    }
  }

  /** Takes all messages out of a mailbox, oldest first. */
  take(name: string): Envelope[] {
    const envelopes = [...(this.#mailboxes.get(name)?.values() ?? [])];
    this.#mailboxes.delete(name);
    for (const { message } of envelopes) {
      if (message.kind === "execute") this.#mailboxOfTask.delete(message.data.task.id);
    }
    return envelopes;
  }

  /** The oldest message of a mailbox, which stays there. */
  oldest(name: string): Envelope | undefined {
    return this.#mailboxes.get(name)?.values().next().value;
  }

  /** Drops one message. */
  remove(name: string, { message }: Envelope): void {
    const mailbox = this.#mailboxes.get(name);
    mailbox?.delete(keyOf(message));
    if (mailbox?.size === 0) this.#mailboxes.delete(name);
    if (message.kind === "execute") this.#mailboxOfTask.delete(message.data.task.id);
  }

  /** Drops the execute message of a task that waits for no worker any more. */
  forgetTask(taskId: string): void {
    const name = this.#mailboxOfTask.get(taskId);
    if (name === undefined) return;
    this.#mailboxOfTask.delete(taskId);
    const mailbox = this.#mailboxes.get(name);
    mailbox?.delete(executeKey(taskId));
    if (mailbox?.size === 0) this.#mailboxes.delete(name);
  }

  #dropOldest(mailbox: Map<string, Envelope>): void {
    for (const [key, { message }] of mailbox) {
      mailbox.delete(key);
      if (message.kind === "execute") this.#mailboxOfTask.delete(message.data.task.id);
      return;
    }
  }
}

function keyOf(message: Message): string {
  return message.kind === "execute" ? executeKey(message.data.task.id) : `unblock ${message.data.promise.id}`;
}

function executeKey(taskId: string): string {
  return `execute ${taskId}`;
}
