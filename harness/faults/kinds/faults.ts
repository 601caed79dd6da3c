/** The faults of all kinds: as a plan holds them, and what each kind says of them. */
import { z } from "zod";
import { kinds } from "./index.ts";
import {
  type ArmedBehaviour,
  type Harm,
  nameOf,
  type Stopped,
  type StoreNeed,
  type TimedBehaviour,
} from "./kind.ts";

type Listed = (typeof kinds)[number];
type TimedKind = Extract<Listed, { readonly sort: "timed" }>;
type ArmedKind = Extract<Listed, { readonly sort: "armed" }>;
type ProvokedKind = Extract<Listed, { readonly sort: "provoked" }>;

const timedKinds = kinds.filter((kind): kind is TimedKind => kind.sort === "timed");
const armedKinds = kinds.filter((kind): kind is ArmedKind => kind.sort === "armed");
const provokedKinds = kinds.filter((kind): kind is ProvokedKind => kind.sort === "provoked");

export type FaultKind = Listed["kind"];
/** A kind of fault that a plan can hold. */
export type PlannedFaultKind = (TimedKind | ArmedKind)["kind"];
export type TimedFault = z.infer<TimedKind["schema"]>;
export type ArmedFault = z.infer<ArmedKind["schema"]>;
export type PlannedFault = TimedFault | ArmedFault;

/** In the order in which all kinds are listed. */
export const faultKinds: readonly FaultKind[] = kinds.map(({ kind }) => kind);
export const plannedFaultKinds: readonly PlannedFaultKind[] = [...timedKinds, ...armedKinds].map(
  ({ kind }) => kind,
);
export const timedFaultKinds: readonly TimedFault["kind"][] = timedKinds.map(({ kind }) => kind);
export const armedFaultKinds: readonly ArmedFault["kind"][] = armedKinds.map(({ kind }) => kind);

const [firstTimed, ...otherTimed] = timedKinds.map(({ schema }) => schema);
const [firstArmed, ...otherArmed] = armedKinds.map(({ schema }) => schema);
if (firstTimed === undefined || firstArmed === undefined) throw new Error("a sort of fault has no kind");

export const faultSchema = z.discriminatedUnion("kind", [
  z.discriminatedUnion("kind", [firstTimed, ...otherTimed]),
  z.discriminatedUnion("kind", [firstArmed, ...otherArmed]),
]);

const timedBehaviours = new Map<string, TimedBehaviour<TimedFault>>(
  timedKinds.map((each) => [each.kind, each]),
);
const armedBehaviours = new Map<string, ArmedBehaviour<ArmedFault>>(
  armedKinds.map((each) => [each.kind, each]),
);

/** What the kind of a timed fault says. */
export function timedBehaviourOf(kind: TimedFault["kind"]): TimedBehaviour<TimedFault> {
  return known(timedBehaviours.get(kind));
}

/** What the kind of an armed fault says. */
export function armedBehaviourOf(kind: ArmedFault["kind"]): ArmedBehaviour<ArmedFault> {
  return known(armedBehaviours.get(kind));
}

function known<Found>(found: Found | undefined): Found {
  if (found === undefined) throw new Error("a kind of fault has a type and no place in the list");
  return found;
}

export function isTimed(fault: PlannedFault): fault is TimedFault {
  return "atMs" in fault;
}

/** How often a kind comes in the mix `all`, against the others. */
export function weightOf(kind: PlannedFaultKind): number {
  return known(timedBehaviours.get(kind) ?? armedBehaviours.get(kind)).weight;
}

/** How much of the run faults of a kind take on average, as a multiple of a kill's share; what is armed before the run takes none. */
export function placesOf(kind: PlannedFaultKind): number {
  return timedBehaviours.get(kind)?.places ?? 0;
}

/** The same of one fault. */
export function placesOfOne(fault: TimedFault, leaseMs: number): number {
  const kind = timedBehaviourOf(fault.kind);
  return kind.placesOf?.(fault, leaseMs) ?? kind.places;
}

/** What a kind of fault takes of the store; null where any store will do. */
export function needOf(kind: PlannedFaultKind): StoreNeed | null {
  return timedBehaviours.get(kind)?.needs ?? null;
}

/** Whether it sets workers' clocks wrong. */
export function setsWorkersClocks(kind: PlannedFaultKind): boolean {
  return timedBehaviours.get(kind)?.setsWorkersClocks ?? false;
}

/** By how much a session may be late because of it when it is over, ms. */
export function delaysByMs(fault: PlannedFault): number {
  return isTimed(fault) ? (timedBehaviourOf(fault.kind).delaysByMs?.(fault) ?? 0) : 0;
}

/** Whom a fault is done to, by name: `worker SLOT`, `client INDEX`, `store`. */
export function victimsOf(fault: TimedFault, workers: number): readonly string[] {
  return timedBehaviourOf(fault.kind).victimsOf(fault, workers).map(nameOf);
}

/** When a fault that lasts is over, ms after the start of the run; of the others, when it comes. */
export function endOf(fault: TimedFault): number {
  return timedBehaviourOf(fault.kind).endOf(fault);
}

/** Faults that do less of the same, the simplest first. */
export function simplerForms(fault: PlannedFault): readonly PlannedFault[] {
  const forms = isTimed(fault)
    ? timedBehaviourOf(fault.kind).simplerForms?.(fault)
    : armedBehaviourOf(fault.kind).simplerForms?.(fault);
  return forms ?? [];
}

/** What a fault in the ledger stops while it lasts; null where its kind is over at once. */
export function whatItStops(fault: { readonly faultKind: FaultKind; readonly how?: string }): Stopped | null {
  const provoked = provokedKinds.find(({ kind }) => kind === fault.faultKind);
  return provoked?.stops ?? timedBehaviours.get(fault.faultKind)?.whatItStops?.(fault.how) ?? null;
}

/** Whether it tells workers to leave. */
export function tellsToLeave({ faultKind }: { readonly faultKind: FaultKind }): boolean {
  return timedBehaviours.get(faultKind)?.tellsToLeave ?? false;
}

/** Whether it sends more callers along. */
export function sendsCallers({ faultKind }: { readonly faultKind: FaultKind }): boolean {
  return armedBehaviours.get(faultKind)?.callersOf !== undefined;
}

/** Whether it is ordered of a session, and takes neither worker nor store away. */
export function isArmed(kind: FaultKind): boolean {
  return armedBehaviours.has(kind);
}

/** Whether the run sees that somebody else brings it about, and when it began is known no better than that. */
export function isNoticed(kind: FaultKind): boolean {
  return provokedKinds.some((each) => each.kind === kind && each.stops !== null);
}

/** The kinds that do such harm, in order. */
export function kindsThatBring(harm: Harm): readonly FaultKind[] {
  return kinds.filter((kind) => kind.harm === harm).map(({ kind }) => kind);
}
