/** A store as an experiment starts it, for the tests that kill it or look at what it has done. */

import { join } from "node:path";
import type { Child, Reaper } from "../processes/reaper.ts";
import { anyFreePorts } from "../stores/ports.ts";
import type { Durability, StartStore, Store } from "../stores/store.ts";
import { sweepModule } from "../stores/sweep.ts";

/** The store, and its processes in the order in which they were started. */
export async function startUnderTest(
  reaper: Reaper,
  startStore: StartStore,
  durability: Durability,
): Promise<{ readonly store: Store; readonly children: readonly Child[] }> {
  const children: Child[] = [];
  const port = await anyFreePorts.next();
  const store = await startStore({
    folder: join(reaper.folder, `store-${port}`),
    port,
    nextPort: () => anyFreePorts.next(),
    durability,
    leaseMs: 1_000,
    spawn: (command) => {
      const child = reaper.spawnVital(command);
      children.push(child);
      return child;
    },
    sweepAtEnd: (address, module = sweepModule) => reaper.sweepAtEnd(address, module),
  });
  return { store, children };
}
