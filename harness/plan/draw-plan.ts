/**
 * Draws a plan from a seed: who arrives when with what, and what is killed when. Pure: the same seed and
 * shape give the same plan on every machine. Workload and faults are drawn from streams of their own, so that
 * a plan with other faults still holds the same sessions.
 */
import type { Activity, SessionSpec } from "../../implementations/session/spec.ts";
import { stepsOf } from "../../implementations/session/steps.ts";
import { type Draw, drawsOf, pick } from "../draw.ts";
import { drawArmedFaults, drawTimedFaults, type FaultCounts } from "./draw-faults.ts";
import { type Plan, type PlannedCall, type PlannedSession, planSchemaVersion } from "./plan-schema.ts";

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
}

export function drawPlan(seed: number, shape: PlanShape): Plan {
  const { workers, clients, leaseMs, retryDelayMs } = shape;
  const sessions = drawSessions(drawsOf(seed, 1), shape);
  const timed = drawTimedFaults(drawsOf(seed, 2), shape.faults, shape);
  const armed = drawArmedFaults(drawsOf(seed, 3), shape.faults, sessions, leaseMs);
  return {
    schemaVersion: planSchemaVersion,
    seed,
    workers,
    clients,
    leaseMs,
    retryDelayMs,
    sessions,
    faults: [...timed, ...armed],
  };
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
