/** What of a run a reader looks at: a span of time, some of the sessions, the first that is worth looking at. Pure. */
import type { RunTimeline, SessionTimeline } from "../timeline/timeline-schema.ts";
import { type PhaseSpan, phasesOf } from "./phases-of.ts";

/** The span of time that is seen. */
export interface View {
  readonly fromMs: number;
  readonly toMs: number;
}

export const sessionFilters = ["all", "hit by a fault", "violating"] as const;
export type SessionFilter = (typeof sessionFilters)[number];

const shortestViewMs = 500;

export function whole({ lengthMs }: RunTimeline): View {
  return { fromMs: 0, toMs: lengthMs };
}

/** Twice as much for a factor of 2, around the same middle. */
export function zoomed({ fromMs, toMs }: View, factor: number): View {
  const middle = (fromMs + toMs) / 2;
  const half = Math.max(shortestViewMs, (toMs - fromMs) * factor) / 2;
  return { fromMs: middle - half, toMs: middle + half };
}

/** Later by this share of what is seen. */
export function moved({ fromMs, toMs }: View, share: number): View {
  const byMs = (toMs - fromMs) * share;
  return { fromMs: fromMs + byMs, toMs: toMs + byMs };
}

/** The view, no shorter than anybody can read, moved into the run; the whole run where it is longer. */
export function within({ fromMs, toMs }: View, limits: View): View {
  const lengthMs = Math.min(Math.max(toMs - fromMs, shortestViewMs), limits.toMs - limits.fromMs);
  const start = Math.min(Math.max(fromMs, limits.fromMs), limits.toMs - lengthMs);
  return { fromMs: start, toMs: start + lengthMs };
}

const spans = new WeakMap<SessionTimeline, readonly PhaseSpan[]>();

/** As {@link phasesOf}, reckoned once for each session. */
export function phaseSpans(session: SessionTimeline): readonly PhaseSpan[] {
  const known = spans.get(session) ?? phasesOf(session);
  spans.set(session, known);
  return known;
}

/** From a session's first phase to the end of its last. */
export function sessionSpan(session: SessionTimeline): View {
  const phases = phaseSpans(session);
  const first = session.entries[0]?.atMs ?? 0;
  return { fromMs: phases[0]?.fromMs ?? first, toMs: phases.at(-1)?.toMs ?? first };
}

/** The sessions of the sample that pass the filter and touch the view. */
export function sessionsIn(
  { sessions }: RunTimeline,
  filter: SessionFilter,
  { fromMs, toMs }: View,
): readonly SessionTimeline[] {
  return sessions.filter((session) => {
    if (filter === "hit by a fault" && session.hits.length === 0) return false;
    if (filter === "violating" && session.violated.length === 0) return false;
    const span = sessionSpan(session);
    return span.toMs >= fromMs && span.fromMs <= toMs;
  });
}

/** Whether a session broke something that had to hold. */
export function breaksGuarantee({ violated }: SessionTimeline): boolean {
  return violated.some(({ guaranteed }) => guaranteed);
}

/** The first session that broke a guarantee; where none did, the first of which a violation was measured. */
export function firstViolation({ sessions }: RunTimeline): SessionTimeline | null {
  return sessions.find(breaksGuarantee) ?? sessions.find(({ violated }) => violated.length > 0) ?? null;
}

/** How the sample was taken, in words. */
export function sampleWords({ sampled: { violating, hit, others }, sessions }: RunTimeline): string {
  const all = violating.of + hit.of + others.of;
  if (sessions.length === all) return `All ${all} sessions of the run.`;
  return (
    `A sample: ${sessions.length} of ${all} sessions. Kept are ${violating.kept} of ${violating.of} that a violation names, ` +
    `${hit.kept} of ${hit.of} others that a fault hit, and ${others.kept} of ${others.of} that none did, evenly spaced in order of start. All faults are shown.`
  );
}
