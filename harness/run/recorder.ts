/** Follows one ledger while a run goes on: keeps its entries, saves them, and tells whoever watches. */

import type { Entry } from "../world/entry.ts";
import type { Witness } from "../world/witness.ts";

export class Recorder {
  readonly entries: Entry[] = [];
  /** How many it has seen, those that it did not keep included. */
  count = 0;
  private readonly ending = new AbortController();
  private readonly finished: Promise<void>;
  private readonly watchers = new Set<(entry: Entry) => void>();

  /** `save` gets every entry once, in order; where it is null, entries are told to whoever watches, and not kept. */
  constructor(witness: Witness, save: ((entries: readonly Entry[]) => void) | null) {
    this.finished = this.run(witness, save);
    this.finished.catch(() => {}); // reported by `stop`
  }

  /** Calls back with every entry from now on, until the function that it returns is called. */
  watch(watcher: (entry: Entry) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Reads what is left in the ledger and resolves with all entries that it kept. Rejects when the ledger could not be followed. */
  async stop(): Promise<readonly Entry[]> {
    this.ending.abort();
    await this.finished;
    return this.entries;
  }

  private async run(witness: Witness, save: ((entries: readonly Entry[]) => void) | null): Promise<void> {
    for await (const batch of witness.follow(this.ending.signal)) {
      this.count += batch.length;
      if (save !== null) this.entries.push(...batch);
      save?.(batch);
      for (const entry of batch) for (const watcher of this.watchers) watcher(entry);
    }
  }
}
