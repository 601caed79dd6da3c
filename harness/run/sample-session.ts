/** The session of a single case: nothing about it is random, so that only what is done to it explains its fate. */
import type { SessionSpec } from "../../implementations/session/spec.ts";
import type { PlannedSession } from "../plan/plan-schema.ts";

const actions = ["view", "search", "download"];

/** A session with so many activities. `flavour` tells apart what different callers pass for one id. */
export function plainSpec(
  sessionId: string,
  { activities = 3, idleTimeoutMs = 200, flavour = "plain" } = {},
): SessionSpec {
  return {
    sessionId,
    userId: "user",
    activities: Array.from({ length: activities }, (_, index) => ({
      action: actions[index % actions.length] ?? "view",
      target: flavour,
    })),
    idleTimeoutMs,
  };
}

/** Each of these steps takes so long before its effects, and so long after them. */
export function evenWork(
  steps: readonly string[],
  beforeMs: number,
  afterMs = beforeMs,
): PlannedSession["workMs"] {
  return Object.fromEntries(steps.map((step) => [step, [beforeMs, afterMs]]));
}
