/** A target: an implementation on a store, and what can be done to it. */
import { existsSync } from "node:fs";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import type { Guarantee } from "../checks/guarantees.ts";
import { UsageError } from "../errors.ts";
import {
  needOf,
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
export function faultsOn(store: Pick<StoreKind, "external" | "lacks">): readonly PlannedFaultKind[] {
  return plannedFaultKinds.filter((fault) => whyNotTaken(store, fault) === null);
}

/** Why a target on such a store cannot take a fault, in a few words; null where it can. */
export function whyNotTaken(
  { external, lacks = {} }: Pick<StoreKind, "external" | "lacks">,
  fault: PlannedFaultKind,
): string | null {
  const need = needOf(fault);
  if (need === null) return null;
  return external === null ? (lacks[need] ?? null) : "the run did not start its store";
}

/** A plan as a target plays it: without the faults that it cannot take. Pure. */
export function planFor<Planned extends { readonly faults: readonly PlannedFault[] }>(
  { faults }: Pick<Target, "faults">,
  plan: Planned,
): Planned {
  return { ...plan, faults: plan.faults.filter(({ kind }) => faults.includes(kind)) };
}

/** @throws UsageError for the first target that can take none of these faults, by name. */
export function refuseToPlayNoFault(
  targets: readonly Pick<Target, "name" | "faults" | "external" | "lacks">[],
  planned: readonly PlannedFaultKind[],
): void {
  for (const target of targets) {
    const [first] = planned;
    if (first === undefined || planned.some((kind) => target.faults.includes(kind))) continue;
    throw new UsageError(
      `${target.name} cannot take the fault "${first}": ${whyNotTaken(target, first)}.`,
      `Give it others with --faults ${target.faults.join(",")}, or leave the target out with --targets.`,
    );
  }
}
