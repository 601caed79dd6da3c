/**
 * Draws a plan from a seed: who arrives when with what, and what is killed when. Pure: the same seed and
 * shape give the same plan on every machine. Workload and faults have generators of their own, so that a
 * plan with other faults still holds the same sessions.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Activity, SessionSpec } from "../../implementations/session/spec.ts";
import { stepsOf } from "../../implementations/session/steps.ts";
import {
  type Plan,
  type PlannedCall,
  type PlannedFault,
  type PlannedSession,
  planSchemaVersion,
} from "./plan-schema.ts";

/** The size of a plan. Times are ms. */
export interface PlanShape {
  readonly sessions: number;
  /** Arrivals are spread over this long. */
  readonly arrivalsMs: number;
  readonly workers: number;
  readonly clients: number;
  readonly kills: number;
  readonly killAlls: number;
  readonly leaseMs: number;
  readonly retryDelayMs: number;
}

/** Both bounds are included. */
type Draw = (from: number, to: number) => number;

export function drawPlan(seed: number, shape: PlanShape): Plan {
  const { workers, clients, leaseMs, retryDelayMs } = shape;
  const sessions = drawSessions(generator(seed, 1), shape);
  const faults = drawFaults(generator(seed, 2), shape);
  return {
    schemaVersion: planSchemaVersion,
    seed,
    workers,
    clients,
    leaseMs,
    retryDelayMs,
    sessions,
    faults,
  };
}

function generator(seed: number, stream: number): Draw {
  const random = xoroshiro128plus(seed ^ (stream * 0x9e3779b9));
  return (from, to) => uniformInt(random, from, to);
}

function drawSessions(draw: Draw, { sessions, arrivalsMs, clients }: PlanShape): PlannedSession[] {
  const arrivals = Array.from({ length: sessions }, () => draw(0, arrivalsMs)).sort((a, b) => a - b);
  let naiveIndex = 0;
  return arrivals.map((atMs, index) => {
    // Exactly one of every three in a row, so that small plans hold enough of both modes.
    if (index % 3 === 0) naiveIndex = index + draw(0, 2);
    const spec = drawSpec(draw, `session-${String(index).padStart(5, "0")}`);
    return {
      sessionId: spec.sessionId,
      mode: index === naiveIndex ? "naive" : "idempotent",
      workMs: drawWork(draw),
      calls: drawCalls(draw, spec, atMs, clients),
    };
  });
}

function drawSpec(draw: Draw, sessionId: string): SessionSpec {
  return {
    sessionId,
    userId: `user-${draw(1, 500)}`,
    activities: Array.from({ length: draw(1, 20) === 1 ? 0 : draw(1, maxActivities) }, () =>
      drawActivity(draw),
    ),
    // One in six idles long enough for `timer-kept` to judge it.
    idleTimeoutMs: draw(1, 6) === 1 ? draw(5000, 7000) : draw(300, 2000),
  };
}

const maxActivities = 5;
const actions = ["view", "search", "add-to-cart", "comment", "download"];
/** Some are hostile on purpose: what a session carries must come back as it was, and never break a report. */
const targets = [
  "/home",
  "/orders/17",
  "/search?q=a|b&c=`d`",
  "<b>bold</b>",
  "naïve — 日本語 🙂",
  'quote " and \\ backslash',
  "",
];

function drawActivity(draw: Draw): Activity {
  return { action: pick(draw, actions), target: pick(draw, targets) };
}

/** 20 to 200 ms for each step that the session may have, split at random around its effects. */
function drawWork(draw: Draw): Record<string, [number, number]> {
  return Object.fromEntries(
    stepsOf(maxActivities).map((step) => {
      const totalMs = draw(20, 200);
      // When a session expires is judged to 500 ms by when that effect lands, so its service may take little of them.
      const beforeMs = draw(0, step === "expire" ? 20 : totalMs);
      return [step, [beforeMs, totalMs - beforeMs]];
    }),
  );
}

/** One session in ten is started by two to five callers; of the others, a third come late and a third want something else. */
function drawCalls(draw: Draw, spec: SessionSpec, atMs: number, clients: number): PlannedCall[] {
  const callers = draw(1, 10) === 1 ? draw(2, 5) : 1;
  return Array.from({ length: callers }, (_, index): PlannedCall => {
    const call = { caller: `caller-${index}`, client: draw(0, clients - 1), spec };
    if (index === 0) return { ...call, start: { kind: "at", atMs } };
    const start: PlannedCall["start"] =
      draw(1, 3) === 1
        ? { kind: "after-result", delayMs: draw(0, 1500) }
        : { kind: "at", atMs: atMs + draw(0, 30) };
    return { ...call, start, spec: draw(1, 3) === 1 ? drawSpec(draw, spec.sessionId) : spec };
  });
}

/** Faults come at a steady pace with jitter; a `kill-all` takes three places, so that the next fault finds somebody. */
function drawFaults(draw: Draw, { kills, killAlls, arrivalsMs, workers }: PlanShape): PlannedFault[] {
  const kinds = interleave(kills, killAlls);
  const places = kinds.reduce((sum, kind) => sum + placesOf(kind), 0);
  const paceMs = arrivalsMs / (places + 1);
  let place = 1;
  let lastSlot = -1;
  return kinds.map((kind, index): PlannedFault => {
    const atMs = Math.round(place * paceMs) + draw(0, Math.floor(paceMs / 2));
    place += placesOf(kind);
    const id = `fault-${index}`;
    if (kind === "kill-all") return { kind, id, atMs, restartsAfterMs: drawRestarts(draw, workers) };
    const others = Array.from({ length: workers }, (_, slot) => slot).filter(
      (slot) => slot !== lastSlot || workers === 1,
    );
    lastSlot = pick(draw, others);
    return { kind, id, atMs, slot: lastSlot, restartAfterMs: draw(100, 500) };
  });
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

function placesOf(kind: PlannedFault["kind"]): number {
  return kind === "kill-all" ? 3 : 1;
}

/** `killAlls` spread evenly among `kills`. */
function interleave(kills: number, killAlls: number): PlannedFault["kind"][] {
  const total = kills + killAlls;
  return Array.from({ length: total }, (_, index) => {
    const before = Math.floor((index * killAlls) / total);
    const after = Math.floor(((index + 1) * killAlls) / total);
    return after > before ? "kill-all" : "kill";
  });
}

function pick<T>(draw: Draw, items: readonly T[]): T {
  return items[draw(0, items.length - 1)] as T; // the index is in range; callers pass at least one item
}
