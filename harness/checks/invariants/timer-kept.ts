/**
 * A crash in the wait must not restart the clock. The deadline D is the last landed `mark-idle` plus the idle
 * timeout; `expire` must land by D plus slack. Judged on sessions that idle for 5 s or more, where a clock that
 * restarted would show. M is mark-idle, E the expiry, ✗ the death of a worker; another one is ready at r, and begins to expire the session at b:
 *
 *     kept                 M───────────── idle ─────────────D·E          within 500 ms of D
 *     a crash in the wait  M────✗    r──── idle ────────────D·E          the same: D does not move
 *     restarted: violated  M────✗    r───────────── idle ───D─────────E  as late as the new window began after M
 *     nobody there         M────✗ ··· outage ···············D····r·E     within 500 ms of r: the outage is granted
 *     hit in the wake      M───────────── idle ─────────────D b✗ ── 2 leases ── b·E    granted from ✗ on
 *
 * How much slack is fair? While no worker is there, nobody can wake the session: that time is always granted,
 * and 500 ms for the wake itself. So is time in which workers are there and none of them gets anything done, as their
 * beats show: how fast a crowded machine clears its backlog is measured by `load` and
 * `idle-scale`; a clock that restarted would be late by seconds more. But a wake can be hit by a fault as any execution
 * can, and then its lease must run out before another worker wakes the session again. So each fault that hit the wake
 * grants two leases from its moment on. A fault hit the wake if it
 *
 * - interrupted the session between D and its expiry, and what it interrupted had itself come in time (seen); or
 * - struck any worker or the store in the time during which the wake was due, or within two leases after a hit that was
 *   seen: a worker may take a session over and die, leave, stop or be cut off before the session's first `begin`, which no
 *   witness can tell (unseen). A pause or partition that has begun before strikes when the wake comes due.
 *
 * This is no endless chain. An unseen hit grants time but opens no window for others, so after each hit that was seen
 * at most one such allowance follows; and a hit that was seen counts only if the session had come back within what
 * was granted so far. A clock that restarted comes back too late, and no later kill excuses it.
 */
import { type EffectEntry, lastStrikeWithin } from "../../history/history.ts";
import type { WorkHit } from "../../history/hits.ts";
import { outageMsWithin } from "../../history/outages.ts";
import type { Invariant, Judged, JudgedSession } from "../invariant.ts";
import { firstLanding } from "../landed-once.ts";
import { leftWaiting, sessionBySession } from "../session-by-session.ts";
import { silentMsWithin } from "../silence.ts";
import { specsThatMayHaveRun } from "../spec-that-ran.ts";

const judgedFromIdleMs = 5_000;
const wakeSlackMs = 500;

export const timerKept: Invariant<"timer-kept"> = sessionBySession({
  id: "timer-kept",
  sentence: "expire lands by its deadline plus slack: a crash in the wait does not restart the clock",
  judges: (session) =>
    specsThatMayHaveRun(session).every(({ idleTimeoutMs }) => idleTimeoutMs >= judgedFromIdleMs),
  exposure: (session, judged) => {
    const wake = wakeOf(session, judged);
    return [...leftWaiting(session), ...hitsOn(wake, session).map(({ fault }) => fault.fault)];
  },
  *violations(session, judged) {
    const wake = wakeOf(session, judged);
    if (wake === null || wake.cameAt <= latestAllowed(wake, session, judged)) return;
    const lateMs = wake.cameAt - wake.dueAt;
    if (wake.expired !== undefined) {
      yield { what: `expired ${lateMs} ms after its deadline`, evidence: [wake.markedIdle, wake.expired] };
    } else if (session.starts.length > 0) {
      yield { what: `had not expired ${lateMs} ms after its deadline`, evidence: [wake.markedIdle] };
    }
  },
});

/** When a session was due to expire, and when it did; without an expiry, `cameAt` is the end of the history. */
interface Wake {
  readonly markedIdle: EffectEntry;
  readonly expired: EffectEntry | undefined;
  readonly dueAt: number;
  readonly cameAt: number;
}

function wakeOf(session: JudgedSession, { history }: Judged): Wake | null {
  const expired = firstLanding(session, "set-expired");
  const landings =
    expired === undefined ? session.landed : session.landed.slice(0, session.landed.indexOf(expired));
  const markedIdle = landings.findLast(({ effect }) => effect === "set-idle");
  if (markedIdle === undefined) return null;
  const idleTimeoutMs = Math.max(...specsThatMayHaveRun(session).map((spec) => spec.idleTimeoutMs));
  return { markedIdle, expired, dueAt: markedIdle.at + idleTimeoutMs, cameAt: expired?.at ?? history.endsAt };
}

/** The moment up to which nothing is wrong with this wake. */
function latestAllowed(wake: Wake, session: JudgedSession, { history, leaseMs }: Judged): number {
  if (wake.cameAt <= wake.dueAt + wakeSlackMs) return wake.dueAt + wakeSlackMs; // in time: no need to look further
  const { dueAt, cameAt } = wake;
  const nobodyMs = outageMsWithin(history, dueAt, cameAt) + silentMsWithin(history, dueAt, cameAt, leaseMs);
  let allowed = dueAt + nobodyMs + wakeSlackMs;
  const grantAfterHit = (hitAt: number | null): void => {
    if (hitAt !== null) allowed = Math.max(allowed, hitAt + 2 * leaseMs + nobodyMs);
  };
  grantAfterHit(lastStrikeWithin(history, dueAt, Math.min(allowed, cameAt)));
  for (const { at, lastWork } of hitsOn(wake, session)) {
    if (lastWork.at > allowed) break;
    grantAfterHit(Math.max(at, lastStrikeWithin(history, at, Math.min(at + 2 * leaseMs, cameAt)) ?? 0));
  }
  return allowed;
}

/** The faults seen to hit the wake: they interrupted the session after it was due and before it expired. */
function hitsOn(wake: Wake | null, { hits }: JudgedSession): readonly WorkHit[] {
  if (wake === null) return [];
  return hits.filter(
    (hit): hit is WorkHit => hit.kind === "interrupted" && hit.at >= wake.dueAt && hit.at <= wake.cameAt,
  );
}
