/** A target: an implementation on a store, and what can be done to it. */
import { existsSync } from "node:fs";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import type { Guarantee } from "../checks/guarantees.ts";
import { UsageError } from "../errors.ts";
import {
  needsOwnStore,
  type PlannedFault,
  type PlannedFaultKind,
  plannedFaultKinds,
} from "../faults/kinds/faults.ts";
import type { StoreKind } from "../stores/kinds.ts";
import type { Residue } from "../world/entry.ts";

/** What is left in a store, once these sessions have ended, and will not go away by itself. */
export type ResidueIn = (store: StoreAddress, sessions: ReadonlySet<string>) => Promise<readonly Residue[]>;

export interface Target extends StoreKind {
  /** `implementation@store`. */
  readonly name: string;
  /** Name of the engine, which is that of its folder. */
  readonly engine: string;
  /** Folder of the implementation, a file URL that ends in `/`. */
  readonly implementation: string;
  /** The lease that the engine takes where nobody asks for another, ms; null where that is not declared. */
  readonly defaultLeaseMs: number | null;
  /** The faults that it can take. One whose store the run did not start itself cannot take those that harm the store. */
  readonly faults: readonly PlannedFaultKind[];
  /** How to find what is left in the store, where the engine says so. */
  readonly residueIn?: ResidueIn;
  /** What it promises under which fault; what is not here is measured. */
  readonly guarantees: readonly Guarantee[];
}

/** Whether a worker of the engine can be let die at its last request, for which it has a file. */
export function hasCompletionHook({ implementation }: Pick<Target, "implementation">): boolean {
  return existsSync(new URL("manifest/completion.ts", implementation));
}

/** What a target on a store of this kind can take. */
export function faultsOn({ external }: Pick<StoreKind, "external">): readonly PlannedFaultKind[] {
  return plannedFaultKinds.filter((fault) => external === null || !needsOwnStore(fault));
}

/** @throws UsageError for the first fault of a plan that one of the targets cannot take, by name. */
export function refuseFaultsNotTaken(
  targets: readonly Pick<Target, "name" | "faults">[],
  planned: readonly Pick<PlannedFault, "kind">[],
): void {
  for (const { name, faults } of targets) {
    const refused = planned.find(({ kind }) => !faults.includes(kind));
    if (refused === undefined) continue;
    throw new UsageError(
      `${name} cannot take the fault "${refused.kind}".`,
      `Leave it out with --faults ${faults.join(",")}, or leave the target out with --targets.`,
    );
  }
}
