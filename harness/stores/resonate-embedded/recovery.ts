/**
 * Brings a store back from its journal, and with it the messages that the crash may have swallowed: an
 * execute message for every task that waits, and the last unblock messages, whose listeners the state
 * machine has already forgotten.
 */

import type { Durability } from "../store.ts";
import { type Dispatcher, unblockOwedForMs } from "./dispatcher.ts";
import type { AddressedMessage, StoreEngine } from "./engine.ts";
import { JournalFile } from "./journal/journal-file.ts";

/** Replays the journal at `path` into `engine`, and hands to `dispatcher` what has to be sent again. */
export function recover(
  path: string,
  durability: Durability,
  { engine, dispatcher }: { readonly engine: StoreEngine; readonly dispatcher: Dispatcher },
): JournalFile {
  /** The unblock messages of the journal's last seconds, oldest first; pruned when it has doubled. */
  let unblocks: (AddressedMessage & { readonly nowMs: number })[] = [];
  const prune = () => {
    unblocks = unblocks.filter(({ nowMs }) => nowMs > engine.lastMs - unblockOwedForMs);
  };
  let pruneAt = 1_000;

  const file = new JournalFile(path, durability, (entry) => {
    for (const change of engine.replay(entry)) {
      if (change.kind !== "message.send" || change.message.kind !== "unblock") continue;
      unblocks.push({ nowMs: entry.nowMs, address: change.address, message: change.message });
    }
    if (unblocks.length < pruneAt) return;
    prune();
    pruneAt = Math.max(1_000, 2 * unblocks.length);
  });

  prune();
  for (const message of [...unblocks, ...engine.pendingExecutes()]) dispatcher.send(message);
  return file;
}
