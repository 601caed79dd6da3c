/**
 * Callers that come when a session is not at work: late in its wait, where a queue may be told to begin it anew, and seconds after
 * its end, when a short memory of it is gone. Pure. They are drawn from a stream of their own, so that all else is drawn as before.
 */
import type { Draw } from "../draw.ts";
import type { PlannedCall, PlannedSession } from "./plan-schema.ts";

interface Setting {
  readonly arrivalsMs: number;
  readonly clients: number;
  readonly leaseMs: number;
}

/** A window of so many leases is long enough to tell a wait that a caller began anew from one that it did not. */
const longLeases = 6;
/** So late into such a window a caller comes, and so long before its end at the latest, in leases. */
const lateInWaitLeases = 4.2;
const beforeEndLeases = 1;
/** One in so many sessions that wait for long has such a caller; of the others, one in so many. */
const everyLong = 4;
const everyOther = 24;
/** A caller that comes seconds after the end comes so late, ms. */
const secondsLaterMs = [3_500, 6_000] as const;

/** The sessions with those callers. Where arrivals end before a caller would come, the run would wait for it alone: there it comes at once. */
export function withLaterCalls(
  draw: Draw,
  sessions: readonly PlannedSession[],
  setting: Setting,
): PlannedSession[] {
  return sessions.map((session) => {
    const calls = session.calls.map((call) => later(draw, call, session, setting));
    const [first] = calls;
    if (first === undefined) return session;
    const { idleTimeoutMs } = first.spec;
    const isLong = idleTimeoutMs >= longLeases * setting.leaseMs;
    if (draw(1, isLong ? everyLong : everyOther) !== 1) return { ...session, calls };
    const delayMs = isLong
      ? draw(
          Math.round(lateInWaitLeases * setting.leaseMs),
          idleTimeoutMs - beforeEndLeases * setting.leaseMs,
        )
      : draw(0, Math.round(0.8 * idleTimeoutMs));
    const inWait: PlannedCall = {
      ...first,
      caller: `caller-${calls.length}`,
      client: draw(0, setting.clients - 1),
      start: { kind: "in-wait", delayMs },
    };
    return { ...session, calls: [...calls, inWait] };
  });
}

/** Half of those who come after the result come seconds after it. */
function later(
  draw: Draw,
  call: PlannedCall,
  { calls: [first] }: PlannedSession,
  { arrivalsMs }: Setting,
): PlannedCall {
  if (call.start.kind !== "after-result" || first?.start.kind !== "at") return call;
  const delayMs = draw(...secondsLaterMs);
  const isLater = draw(0, 1) === 1;
  const lastMs = arrivalsMs - first.spec.idleTimeoutMs - delayMs;
  return isLater && first.start.atMs <= lastMs ? { ...call, start: { ...call.start, delayMs } } : call;
}
