/** How many faults of each kind a run gets, from the list of kinds and weights that a person wrote. */
import { UsageError } from "../errors.ts";
import { type PlannedFaultKind, placesOf, plannedFaultKinds, weightOf } from "../faults/kinds/faults.ts";
import { leasesPerPlace } from "../faults/kinds/kind.ts";
import type { FaultCounts } from "./draw-faults.ts";

/** How often a kind comes, against the others. */
export type FaultMix = ReadonlyMap<PlannedFaultKind, number>;

/** A fault that is armed takes no time of the run, but as much of the mix as this share of a kill. */
const armedShare = 0.3;

/**
 * Reads `kill:5,pause,…`: kinds with weights, 1 where none is given; `all` stands for every kind.
 * @throws UsageError for a kind that does not exist, a weight that is none, or an empty list.
 */
export function faultMixOf(list: string): FaultMix {
  const mix = new Map<PlannedFaultKind, number>();
  for (const item of list.split(",").map((part) => part.trim())) {
    const [name = "", ...written] = item.split(":");
    const weight = written.length === 0 ? 1 : weightIn(written.join(":"));
    if (name === "all") for (const kind of plannedFaultKinds) mix.set(kind, weightOf(kind) * weight);
    else mix.set(kindNamed(name), weight);
  }
  return mix;
}

/** As many faults as the arrivals have room for, at least one of each kind that the mix holds but the rare ones, whose weight is below 1. Pure. */
export function faultCountsOf(
  mix: FaultMix,
  { arrivalsMs, leaseMs }: { readonly arrivalsMs: number; readonly leaseMs: number },
): FaultCounts {
  const places = arrivalsMs / (leasesPerPlace * leaseMs) - 1;
  const round = roundOf(mix);
  return Object.fromEntries(
    [...mix].map(([kind, weight]) => [
      kind,
      Math.max(weight < 1 ? 0 : 1, Math.round((weight * places) / round)),
    ]),
  );
}

/** How long arrivals have to last for as many faults of each kind, times its weight, ms. Pure. */
export function arrivalsFor(mix: FaultMix, times: number, leaseMs: number): number {
  return (times * roundOf(mix) + 1) * leasesPerPlace * leaseMs;
}

/** The places of as many faults of each kind as it weighs. */
function roundOf(mix: FaultMix): number {
  return [...mix].reduce((sum, [kind, weight]) => sum + weight * (placesOf(kind) || armedShare), 0);
}

function kindNamed(name: string): PlannedFaultKind {
  const kind = plannedFaultKinds.find((known) => known === name);
  if (kind !== undefined) return kind;
  throw new UsageError(
    name === "" ? "No fault was named." : `Unknown fault "${name}".`,
    `Choose from: ${plannedFaultKinds.join(", ")}, or all; with weights, such as kill:5,pause:1.`,
  );
}

function weightIn(text: string): number {
  const weight = Number(text);
  if (/^\d+$/.test(text) && weight > 0 && weight <= 1000) return weight;
  throw new UsageError(`"${text}" is no weight of a fault.`, "Give a whole number from 1 to 1000: kill:5.");
}
