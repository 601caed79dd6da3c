/**
 * Draws a plan from a seed: who arrives when with what, and what is killed when. Pure: the same seed and
 * shape give the same plan on every machine. Workload and faults are drawn from streams of their own, so that
 * a plan with other faults still holds the same sessions.
 */
import type { Activity, SessionSpec } from "../../implementations/session/spec.ts";
import { stepsOf } from "../../implementations/session/steps.ts";
import { type Draw, drawsOf, pick } from "../draw.ts";
import { drawLeases, longWaitLeases } from "../faults/kinds/kind.ts";
import { drawArmedFaults, drawTimedFaults, type FaultCounts } from "./draw-faults.ts";
import { withLaterCalls } from "./later-calls.ts";
import { type Plan, type PlannedCall, type PlannedSession, planSchemaVersion } from "./plan-schema.ts";
import { sessionIdAt } from "./session-ids.ts";

/** The size of a plan. Times are ms. */
export interface PlanShape {
  readonly sessions: number;
  /** Arrivals are spread over this long. */
  readonly arrivalsMs: number;
  readonly workers: number;
  readonly clients: number;
  readonly faults: FaultCounts;
  readonly leaseMs: number;
  readonly retryDelayMs: number;
  /** For how long the outside world remembers an idempotency key; for good, where it is left out. */
  readonly keyTtlMs?: number | undefined;
  /** How many of a hundred kills fall into an outage or a drain; none, where it is left out. */
  readonly overlap?: number | undefined;
}

export function drawPlan(seed: number, shape: PlanShape): Plan {
  const { workers, clients, leaseMs, retryDelayMs, keyTtlMs } = shape;
  const sessions = withLaterCalls(drawsOf(seed, 4), drawSessions(drawsOf(seed, 1), shape), shape);
  const timed = drawTimedFaults(drawsOf(seed, 2), shape.faults, shape);
  const armed = drawArmedFaults(drawsOf(seed, 3), shape.faults, sessions, { leaseMs, retryDelayMs });
  return {
    schemaVersion: planSchemaVersion,
    seed,
    workers,
    clients,
    leaseMs,
    retryDelayMs,
    ...(keyTtlMs === undefined ? {} : { keyTtlMs }),
    sessions,
    faults: [...timed, ...armed],
  };
}

function drawSessions(draw: Draw, { sessions, arrivalsMs, clients, leaseMs }: PlanShape): PlannedSession[] {
  const arrivals = Array.from({ length: sessions }, () => draw(0, arrivalsMs)).sort((a, b) => a - b);
  // Exactly one of every three in a row, so that small plans hold enough of both modes.
  const naive = new Set(every(3, sessions).map((from) => from + draw(0, 2)));
  // One in six idles long enough to tell whether its clock was restarted: in turn, one of either mode. Those that come last
  // do not, or the run would wait for them alone.
  const lastMs = arrivalsMs - longestWaitLeases * leaseMs;
  const early = arrivals.filter((atMs) => atMs <= lastMs).length;
  const eligible = early * 6 >= sessions ? early : sessions; // a short run waits for them in any case
  const wanted = Math.ceil(sessions / 6);
  const patient = new Set(
    Array.from({ length: wanted }, (_, nth) => {
      const from = Math.floor((nth * eligible) / wanted);
      const [first, ...others] = Array.from({ length: 5 }, (_, ahead) => from + ahead).filter(
        (index) => naive.has(index) === (nth % 2 === 0),
      );
      return first === undefined ? from : pick(draw, [first, ...others]);
    }),
  );
  return arrivals.map((atMs, index) => {
    const sessionId = sessionIdAt(index);
    const spec = drawSpec(draw, sessionId, patient.has(index) ? leaseMs : null);
    return {
      sessionId,
      mode: naive.has(index) ? "naive" : "idempotent",
      workMs: drawWork(draw),
      calls: drawCalls(draw, spec, atMs, clients),
    };
  });
}

/** Where blocks of so many begin. */
function every(size: number, total: number): readonly number[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, block) => block * size);
}

/** `longFor` is the lease that the idle window is to outlast; null for a short one. */
function drawSpec(draw: Draw, sessionId: string, longFor: number | null): SessionSpec {
  return {
    sessionId,
    userId: `user-${draw(1, 500)}`,
    activities: Array.from({ length: draw(1, 20) === 1 ? 0 : draw(1, maxActivities) }, () =>
      drawActivity(draw),
    ),
    idleTimeoutMs:
      longFor === null ? draw(300, 2000) : drawLeases(draw, longFor, longWaitLeases, longestWaitLeases),
  };
}

const longestWaitLeases = 8;
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
      const beforeMs = draw(0, totalMs);
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
    return { ...call, start, spec: draw(1, 3) === 1 ? drawSpec(draw, spec.sessionId, null) : spec };
  });
}
