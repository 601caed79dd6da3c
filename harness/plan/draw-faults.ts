/**
 * Draws the faults of a plan: which, when and how. Pure. They come one after another, so that each finds the system
 * at work and what follows from it can be told from what follows from the next; only their aftermaths overlap.
 */
import { stepsOf } from "../../implementations/session/steps.ts";
import { type Draw, pick } from "../draw.ts";
import {
  type ArmedFault,
  armedBehaviourOf,
  armedFaultKinds,
  endOf,
  type PlannedFaultKind,
  placesOfOne,
  type TimedFault,
  tellsToLeave,
  timedBehaviourOf,
  timedFaultKinds,
  victimsOf,
  whatItStops,
} from "../faults/kinds/faults.ts";
import type { ArmedTiming } from "../faults/kinds/kind.ts";
import type { PlannedSession } from "./plan-schema.ts";

/** How many faults of each kind. */
export type FaultCounts = Readonly<Partial<Record<PlannedFaultKind, number>>>;

/** What the faults have to fit into. Times are ms. */
interface Setting {
  readonly arrivalsMs: number;
  readonly workers: number;
  readonly clients: number;
  readonly leaseMs: number;
  /** How many of a hundred kills are to fall into an outage or a drain; none, where it is left out. */
  readonly overlap?: number | undefined;
}

/** Faults at a steady pace with jitter, in order of time. */
export function drawTimedFaults(draw: Draw, counts: FaultCounts, setting: Setting): TimedFault[] {
  const { arrivalsMs, workers, clients, leaseMs } = setting;
  const drawnBefore = new Map<TimedFault["kind"], number>();
  let lastSlot = -1;
  const faults = spread(counts).map((kind) => {
    const slots = Array.from({ length: workers }, (_, slot) => slot);
    const others = slots.filter((slot) => slot !== lastSlot || workers === 1);
    const nth = drawnBefore.get(kind) ?? 0;
    drawnBefore.set(kind, nth + 1);
    const drawn = timedBehaviourOf(kind).draw(draw, { workers, clients, leaseMs, slots: others, nth });
    const fault = { ...drawn, kind, id: "", atMs: 0 } as TimedFault; // of its own kind's fields
    if ("slot" in fault) lastSlot = fault.slot;
    return fault;
  });
  const places = faults.map((fault) => placesOfOne(fault, leaseMs));
  const paceMs = arrivalsMs / (places.reduce((sum, each) => sum + each, 0) + 1);
  /** When each victim's last fault is over: until then nothing else may befall it. */
  const freeFromMs = new Map<string, number>();
  let place = 1;
  for (const [index, fault] of faults.entries()) {
    const atMs = Math.round(place * paceMs) + draw(0, Math.floor(paceMs / 2));
    place += places[index] ?? 0;
    const victims = victimsOf(fault, workers);
    fault.atMs = Math.max(atMs, ...victims.map((victim) => freeFromMs.get(victim) ?? 0));
    for (const victim of victims) freeFromMs.set(victim, endOf(fault) + 1);
  }
  moveIntoOthers(draw, faults, setting);
  return faults
    .sort((a, b) => a.atMs - b.atMs)
    .map((fault, index): TimedFault => ({ ...fault, id: `fault-${index}` }));
}

/** Lets a share of the kills fall into what stops everybody, or into the drain of another worker. */
function moveIntoOthers(draw: Draw, faults: TimedFault[], { workers, leaseMs, overlap = 0 }: Setting): void {
  if (overlap === 0) return;
  const spans = faults.flatMap((fault) => {
    const drains = tellsToLeave({ faultKind: fault.kind });
    const stops = whatItStops({ faultKind: fault.kind })?.whom === "everybody";
    if (!drains && !stops) return [];
    const toMs = drains ? fault.atMs + leaseMs : endOf(fault);
    return [{ fromMs: fault.atMs, toMs, victims: victimsOf(fault, workers) }];
  });
  for (const fault of faults) {
    if (fault.kind !== "kill" || draw(1, 100) > overlap) continue;
    const free = spans.filter(({ victims }) => !victims.includes(victimsOf(fault, workers)[0] ?? ""));
    if (free.length === 0) continue;
    const { fromMs, toMs } = pick(draw, free);
    const atMs = draw(fromMs, toMs);
    if (!isUnderAnother(fault, atMs, faults, workers)) fault.atMs = atMs;
  }
}

/** Whether another fault of its victim lasts at that time. */
function isUnderAnother(
  fault: TimedFault,
  atMs: number,
  all: readonly TimedFault[],
  workers: number,
): boolean {
  const victims = victimsOf(fault, workers);
  return all.some(
    (other) =>
      other !== fault &&
      victimsOf(other, workers).some((victim) => victims.includes(victim)) &&
      other.atMs <= atMs &&
      atMs <= endOf(other),
  );
}

/** Every kind spread evenly among the others, the rarest first, so that the most common one fills what is left. */
function spread(counts: FaultCounts): TimedFault["kind"][] {
  const rarestFirst = timedFaultKinds
    .map((kind) => ({ kind, count: counts[kind] ?? 0 }))
    .sort((a, b) => a.count - b.count);
  const total = rarestFirst.reduce((sum, { count }) => sum + count, 0);
  const order: TimedFault["kind"][] = Array(total);
  /** From each place to one behind it, up to the first that is free; `total` where none is. */
  const onward = Array.from({ length: total + 1 }, (_, place) => place);
  const freeFrom = (place: number) => {
    let at = place;
    while (onward[at] !== at) {
      onward[at] = onward[onward[at] ?? total] ?? total; // the next one who comes here has half the way
      at = onward[at] ?? total;
    }
    return at;
  };
  for (const { kind, count } of rarestFirst) {
    for (let nth = 1; nth <= count; nth++) {
      const wanted = freeFrom(Math.ceil((nth * total) / count) - 1);
      const place = wanted === total ? freeFrom(0) : wanted;
      order[place] = kind;
      onward[place] = place + 1;
    }
  }
  return order;
}

/** Faults that are tied to sessions, each to one of its own; none to those that several callers start anyway. */
export function drawArmedFaults(
  draw: Draw,
  counts: FaultCounts,
  sessions: readonly PlannedSession[],
  timing: ArmedTiming,
): ArmedFault[] {
  const free = sessions.filter(({ calls }) => calls.length === 1);
  const kinds = armedFaultKinds.flatMap((kind) => Array(counts[kind] ?? 0).fill(kind));
  return kinds.flatMap((kind: ArmedFault["kind"], index): ArmedFault[] => {
    const [session] = free.splice(draw(0, Math.max(0, free.length - 1)), 1);
    // With fewer sessions than faults, each is hit once.
    return session === undefined ? [] : [drawArmed(kind, `armed-${index}`, session, draw, timing)];
  });
}

function drawArmed(
  kind: ArmedFault["kind"],
  id: string,
  { sessionId: session, calls }: PlannedSession,
  draw: Draw,
  timing: ArmedTiming,
): ArmedFault {
  const step = pick(draw, stepsOf(calls[0]?.spec.activities.length ?? 0));
  const drawn = armedBehaviourOf(kind).draw(draw, { step, ...timing });
  return { ...drawn, kind, id, session } as ArmedFault; // of its own kind's fields
}
