/** The life of a session as the spans of its phases: what the bars of a timeline are drawn from. Pure. */
import { type Phase, phaseOfStep, phases } from "../phase.ts";
import type { SessionTimeline, TimelineEntry } from "../timeline/timeline-schema.ts";

export interface PhaseSpan {
  readonly phase: Phase;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * From the first execution of each phase to the first of the next, so that a gap that a fault tore shows as a phase that
 * took long; the wait begins when the session was first marked idle. The last phase ends with its last new effect, or
 * where the session was last seen. A step that a retry or a zombie repeats later begins nothing.
 */
export function phasesOf({ entries }: Pick<SessionTimeline, "entries">): readonly PhaseSpan[] {
  const starts: { phase: Phase; fromMs: number }[] = [];
  let furthest = -1;
  const reach = (phase: Phase, atMs: number) => {
    const rank = phases.indexOf(phase);
    if (rank <= furthest) return;
    furthest = rank;
    starts.push({ phase, fromMs: atMs });
  };
  for (const { kind, step, effect, atMs } of entries) {
    const phase = step === undefined ? null : phaseOfStep(step);
    if (kind === "begin" && phase !== null) reach(phase, atMs);
    if (kind === "landed" && effect === "set-idle") reach("wait", atMs);
  }
  const endMs = endOf(entries);
  return starts.map(({ phase, fromMs }, index) => ({
    phase,
    fromMs,
    toMs: Math.max(fromMs, starts[index + 1]?.fromMs ?? endMs),
  }));
}

function endOf(entries: readonly TimelineEntry[]): number {
  const audited = entries.find(({ kind, effect }) => kind === "landed" && effect === "write-audit");
  const work = entries.filter(({ step }) => step !== undefined);
  return (audited ?? work.at(-1))?.atMs ?? 0;
}

/** Rows in which no two spans overlap, each span in the first row that has room: row by span, in their order. Pure. */
export function packed(
  spans: readonly { readonly fromMs: number; readonly toMs: number }[],
  gapMs: number,
): readonly number[] {
  const freeFrom: number[] = [];
  const rows: number[] = [];
  const inOrder = [...spans.entries()].sort(([, a], [, b]) => a.fromMs - b.fromMs);
  for (const [index, { fromMs, toMs }] of inOrder) {
    const free = freeFrom.findIndex((freeMs) => freeMs <= fromMs);
    const row = free === -1 ? freeFrom.length : free;
    freeFrom[row] = toMs + gapMs;
    rows[index] = row;
  }
  return rows;
}
