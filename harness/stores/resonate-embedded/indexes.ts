/**
 * Makes the SDK's state machine fast enough to replay. As shipped, each acquire and each fulfilment scans
 * all promises ever created, and each timer change scans all timers. Here the SDK's own code runs over the
 * few promises that can matter, and timers are kept by id; `indexes.test.ts` holds the two to the same
 * responses, changes and snapshots.
 */

import { SdkUnfamiliar } from "./failure.ts";
import type { Change, Server } from "./sdk-server.ts";

type StoredPromise = NonNullable<ReturnType<Server["promises"]["get"]>>;
type PromiseTimeout = Server["pTimeouts"][number];
type TaskTimeout = Server["tTimeouts"][number];

/** The private methods that are replaced, with the signatures they have in SDK 0.11.5 (`network/local.js`). */
interface Internals {
  preload(promiseId: string): unknown[];
  triggerFulfilled(promiseId: string): Change[];
  setPromise(promise: StoredPromise): Change;
  setPTimeout(timeout: PromiseTimeout): Change;
  delPTimeout(id: string): Change;
  setTTimeout(timeout: TaskTimeout): Change;
  delTTimeout(id: string): Change;
  sendMessage(address: string, message: Extract<Change, { kind: "message.send" }>["message"]): Change;
}

const replaced: readonly (keyof Internals)[] = [
  "preload",
  "triggerFulfilled",
  "setPromise",
  "setPTimeout",
  "delPTimeout",
  "setTTimeout",
  "delTTimeout",
  "sendMessage",
];

/** Indexes an empty state machine, for good. Throws {@link SdkUnfamiliar} when the SDK is built differently. */
export function indexServer(server: Server): void {
  // The methods are private to TypeScript only; `replaced` checks at run time that they are there.
  const internals = server as unknown as Internals;
  for (const name of replaced) if (typeof internals[name] !== "function") throw new SdkUnfamiliar(name);
  indexPromises(server, internals);
  indexTimeouts(server, internals);
  // The original looks for an older message of the same task in `outgoing`, which the engine empties anyway.
  internals.sendMessage = (address, message) => ({ kind: "message.send", address, message });
}

function indexPromises(server: Server, internals: Internals): void {
  const original = {
    preload: internals.preload,
    triggerFulfilled: internals.triggerFulfilled,
    setPromise: internals.setPromise.bind(internals),
  };
  /** Place of each promise in the order of creation, which is the order of the original's scans. */
  const rank = new Map<string, number>();
  const byBranch = new Map<string, Map<string, StoredPromise>>();
  /** For each task, the promises that it awaits, or awaited once. */
  const awaitedBy = new Map<string, Set<string>>();

  // Every change to a promise or to its callbacks passes here, so this is where the indexes are kept.
  internals.setPromise = (promise) => {
    if (!rank.has(promise.id)) rank.set(promise.id, rank.size);
    const branch = promise.tags["resonate:branch"];
    if (branch) entryOf(byBranch, branch, () => new Map<string, StoredPromise>()).set(promise.id, promise);
    for (const awaiter of promise.callbacks)
      entryOf(awaitedBy, awaiter, () => new Set<string>()).add(promise.id);
    return original.setPromise(promise);
  };

  internals.preload = (promiseId) => {
    const branch = server.promises.get(promiseId)?.tags["resonate:branch"];
    if (!branch) return [];
    return original.preload.call(viewOf(server, byBranch.get(branch) ?? new Map()), promiseId);
  };

  internals.triggerFulfilled = (promiseId) => {
    const awaited = [...(awaitedBy.get(promiseId) ?? [])].sort(
      (a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0),
    );
    awaitedBy.delete(promiseId);
    const few = new Map<string, StoredPromise>();
    for (const id of awaited) {
      const promise = server.promises.get(id);
      if (promise) few.set(id, promise);
    }
    return original.triggerFulfilled.call(viewOf(server, few), promiseId);
  };
}

/** The state machine as it would be if `promises` were all it had. What its methods change is changed for real. */
function viewOf(server: Server, promises: Map<string, StoredPromise>): Internals {
  return Object.create(server, { promises: { value: promises } });
}

function indexTimeouts(server: Server, internals: Internals): void {
  const promiseTimeouts = new TimeoutsById<PromiseTimeout>();
  const taskTimeouts = new TimeoutsById<TaskTimeout>();
  // The state machine only ever iterates over these two, apart from the four methods below.
  server.pTimeouts = promiseTimeouts as Iterable<PromiseTimeout> as PromiseTimeout[];
  server.tTimeouts = taskTimeouts as Iterable<TaskTimeout> as TaskTimeout[];

  internals.setPTimeout = (entry) => {
    promiseTimeouts.set(entry);
    return { kind: "ptimeout.set", timeout: { id: entry.id, timeout: entry.timeout } };
  };
  internals.delPTimeout = (id) => {
    promiseTimeouts.delete(id);
    return { kind: "ptimeout.del", id };
  };
  internals.setTTimeout = (entry) => {
    taskTimeouts.set(entry);
    return { kind: "ttimeout.set", timeout: { id: entry.id, type: entry.type, timeout: entry.timeout } };
  };
  internals.delTTimeout = (id) => {
    taskTimeouts.delete(id);
    return { kind: "ttimeout.del", id };
  };
}

/**
 * Stands in for an array of timeouts. A `Map` keeps the very order that the original's array has: an entry
 * that is replaced keeps its place, a new one goes to the end.
 */
class TimeoutsById<T extends { readonly id: string }> implements Iterable<T> {
  readonly #byId = new Map<string, T>();

  set(entry: T): void {
    this.#byId.set(entry.id, entry);
  }

  delete(id: string): void {
    this.#byId.delete(id);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#byId.values();
  }

  /** So that a snapshot shows an array. */
  toJSON(): T[] {
    return [...this.#byId.values()];
  }
}

function entryOf<V>(map: Map<string, V>, key: string, create: () => V): V {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const created = create();
  map.set(key, created);
  return created;
}
