/**
 * Draws the faults of a plan: which, when and how. Pure. They come one after another, so that each finds the system
 * at work and what follows from it can be told from what follows from the next; only their aftermaths overlap.
 */
import { stepsOf } from "../../implementations/session/steps.ts";
import { type Draw, pick } from "./draw.ts";
import {
  type ArmedFault,
  endOf,
  type PartitionHow,
  type PlannedFaultKind,
  plannedFaultKinds,
  type TimedFault,
  victimsOf,
} from "./fault-schema.ts";
import type { PlannedSession } from "./plan-schema.ts";

/** How many faults of each kind. */
export type FaultCounts = Readonly<Partial<Record<PlannedFaultKind, number>>>;

/** What the faults have to fit into. Times are ms. */
interface Setting {
  readonly arrivalsMs: number;
  readonly workers: number;
  readonly clients: number;
  readonly leaseMs: number;
}

/** How much of the run a fault takes, as a multiple of a kill's share; what is armed before the run takes none. */
export const placesOf: Record<PlannedFaultKind, number> = {
  kill: 1,
  "kill-all": 3, // so that the next fault finds somebody
  terminate: 2,
  pause: 2,
  partition: 2,
  "kill-store": 3,
  throw: 0,
  slow: 0,
  race: 0,
};

/** Faults at a steady pace with jitter, in order of time. */
export function drawTimedFaults(draw: Draw, counts: FaultCounts, setting: Setting): TimedFault[] {
  const { arrivalsMs, workers } = setting;
  const kinds = spread(counts);
  const places = kinds.reduce((sum, kind) => sum + placesOf[kind], 0);
  const paceMs = arrivalsMs / (places + 1);
  const faults: TimedFault[] = [];
  /** When each victim's last fault is over: until then nothing else may befall it. */
  const freeFromMs = new Map<string, number>();
  let place = 1;
  let lastSlot = -1;
  for (const kind of kinds) {
    const atMs = Math.round(place * paceMs) + draw(0, Math.floor(paceMs / 2));
    place += placesOf[kind];
    const slots = Array.from({ length: workers }, (_, slot) => slot);
    const others = slots.filter((slot) => slot !== lastSlot || workers === 1);
    const drawn = drawTimed(kind, draw, others, setting);
    const victims = victimsOf({ ...drawn, id: "", atMs }, workers);
    const free = victims.map((victim) => freeFromMs.get(victim) ?? 0);
    const fault: TimedFault = { ...drawn, id: "", atMs: Math.max(atMs, ...free) };
    for (const victim of victims) freeFromMs.set(victim, endOf(fault));
    if ("slot" in fault) lastSlot = fault.slot;
    faults.push(fault);
  }
  return faults
    .sort((a, b) => a.atMs - b.atMs)
    .map((fault, index): TimedFault => ({ ...fault, id: `fault-${index}` }));
}

type TimedKind = TimedFault["kind"];
/** What distinguishes a fault from others of its kind, but for its name and its time. */
type Drawn = TimedFault extends infer F ? (F extends TimedFault ? Omit<F, "id" | "atMs"> : never) : never;

function drawTimed(
  kind: TimedKind,
  draw: Draw,
  slots: readonly number[],
  { workers, clients, leaseMs }: Setting,
): Drawn {
  const leases = (from: number, to: number) => draw(Math.round(from * leaseMs), Math.round(to * leaseMs));
  switch (kind) {
    case "kill":
      return { kind, slot: pick(draw, slots), restartAfterMs: draw(100, 500) };
    case "kill-all":
      return { kind, restartsAfterMs: drawRestarts(draw, workers) };
    case "terminate":
      return { kind, slot: pick(draw, slots), restartAfterMs: draw(0, 300) };
    case "pause":
      return { kind, slot: pick(draw, slots), forMs: leases(1.3, 2.2) };
    case "partition": {
      const toClient = draw(1, 4) === 1;
      const between = toClient
        ? ({ kind: "client", client: draw(0, clients - 1) } as const)
        : ({ kind: "worker", slot: pick(draw, slots) } as const);
      return { kind, between, how: drawHow(draw, leases(1.3, 2.2)) };
    }
    case "kill-store":
      // Down for less than a lease, or for more.
      return { kind, restartAfterMs: draw(0, 1) === 0 ? leases(0.1, 0.6) : leases(1.2, 2) };
  }
}

function drawHow(draw: Draw, forMs: number): PartitionHow {
  const kind = pick(draw, ["stop", "stop", "cut", "delay", "swallow-reply"] as const);
  switch (kind) {
    case "stop":
      return { kind, direction: pick(draw, ["to-store", "from-store", "both"]), forMs };
    case "cut":
      return { kind };
    case "delay":
      return { kind, latencyMs: draw(20, 200), forMs };
    case "swallow-reply":
      return { kind, forMs };
  }
}

/** Nobody for a while, then one after another: a herd that starts at once would measure the machine's cores. */
function drawRestarts(draw: Draw, workers: number): number[] {
  let afterMs = draw(300, 700);
  return Array.from({ length: workers }, () => {
    const mine = afterMs;
    afterMs += draw(500, 700);
    return mine;
  });
}

/** Every kind spread evenly among the others, the rarest first, so that the most common one fills what is left. */
function spread(counts: FaultCounts): TimedKind[] {
  const timed = plannedFaultKinds.filter((kind) => placesOf[kind] > 0) as readonly TimedKind[];
  const rarestFirst = timed
    .map((kind) => ({ kind, count: counts[kind] ?? 0 }))
    .sort((a, b) => a.count - b.count);
  const total = rarestFirst.reduce((sum, { count }) => sum + count, 0);
  const order: (TimedKind | undefined)[] = Array(total).fill(undefined);
  for (const { kind, count } of rarestFirst) {
    for (let nth = 1; nth <= count; nth++) {
      const wanted = Math.ceil((nth * total) / count) - 1;
      const after = order.findIndex((taken, index) => taken === undefined && index >= wanted);
      order[after === -1 ? order.indexOf(undefined) : after] = kind;
    }
  }
  return order.filter((kind) => kind !== undefined);
}

/** Faults that are tied to sessions, each to one of its own; none to those that several callers start anyway. */
export function drawArmedFaults(
  draw: Draw,
  counts: FaultCounts,
  sessions: readonly PlannedSession[],
  leaseMs: number,
): ArmedFault[] {
  const free = sessions.filter(({ calls }) => calls.length === 1);
  const kinds = (["throw", "slow", "race"] as const).flatMap((kind) => Array(counts[kind] ?? 0).fill(kind));
  return kinds.flatMap((kind: ArmedFault["kind"], index): ArmedFault[] => {
    const [session] = free.splice(draw(0, Math.max(0, free.length - 1)), 1);
    // With fewer sessions than faults, each is hit once.
    return session === undefined ? [] : [drawArmed(kind, `armed-${index}`, session, draw, leaseMs)];
  });
}

function drawArmed(
  kind: ArmedFault["kind"],
  id: string,
  { sessionId: session, calls }: PlannedSession,
  draw: Draw,
  leaseMs: number,
): ArmedFault {
  const step = pick(draw, stepsOf(calls[0]?.spec.activities.length ?? 0));
  switch (kind) {
    case "throw":
      return { kind, id, session, step, when: pick(draw, ["before", "after"]), times: draw(1, 3) };
    case "slow":
      return { kind, id, session, step, delayMs: Math.round((draw(120, 180) / 100) * leaseMs) };
    case "race":
      return { kind, id, session, callers: draw(1, 4) };
  }
}
