/** The disk of a target's store, where a plan lets it lose power. */

import { needOf } from "../../faults/kinds/faults.ts";
import type { DiskTools } from "../../faults/kinds/kind.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { preloadedNotes } from "../../stores/preload/preload.ts";
import { SyncNotes } from "../../stores/preload/synced.ts";
import type { Durability, Store } from "../../stores/store.ts";

/** What was acknowledged so shortly before may be known later than it was written, and be gone, ms. */
const onItsWayMs = 100;

export class Disk {
  readonly #notes: SyncNotes | null;
  readonly #startedAt = Date.now();

  /** `path` is of the file that the store's processes note in what they sync. */
  constructor({ faults }: Plan, path: string) {
    this.#notes = faults.some(({ kind }) => needOf(kind) === "power") ? new SyncNotes(path) : null;
  }

  /** What the store's processes need to note it. */
  get ofStore(): Readonly<Record<string, string>> {
    return this.#notes === null ? {} : preloadedNotes(this.#notes.path);
  }

  toolsFor(store: Pick<Store, "appendOnlyFiles">, durability: Durability): DiskTools {
    const files = () => store.appendOnlyFiles?.() ?? [];
    return {
      looks: () => ({
        how: `at ${durability}`,
        forgetsForMs: durability === "fsync" ? null : this.#forgetsForMs(files()),
      }),
      losePower: () => {
        this.#notes?.cut(files());
      },
    };
  }

  /** What came before the last sync is kept; where all is synced now, what comes until the kill is not. */
  #forgetsForMs(files: readonly string[]): number {
    const since = this.#notes?.unsyncedSince(files) ?? Date.now();
    return Date.now() - Math.max(since, this.#startedAt) + onItsWayMs;
  }
}
