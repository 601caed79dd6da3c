/**
 * The time in which workers were there and not one of them got anything done: their event loops stood still, or their
 * store did not answer. Nobody can wake a session then, just as in an outage; only that no fault did it, but a machine
 * with too few cores for what is asked of it. The workers' own beats show it, so only what was seen counts: of a worker
 * that never beat, nothing is known.
 */

import type { History, WorkerLife } from "../history/history.ts";
import { firstIndexWhere } from "../history/outages.ts";
import { beatsPerLease } from "../world/entry.ts";

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A worker that was ready, from then until its death. */
interface Presence extends Span {
  readonly silences: readonly Span[];
}

/**
 * How much of [fromMs, toMs] was silence, ms; what lies in an outage is left out. Linear in the lives of workers and in
 * the beats of those that lived then. Pure.
 */
export function silentMsWithin(
  { workers, outages }: Pick<History, "workers" | "outages">,
  fromMs: number,
  toMs: number,
  leaseMs: number,
): number {
  const window = { fromMs, toMs };
  const away = outages
    .map((outage) => ({ fromMs: outage.fromMs, toMs: outage.toMs ?? toMs }))
    .filter((outage) => overlap(outage, window));
  const present = [...workers.values()].flatMap((life): Presence[] => {
    if (life.ready === null) return [];
    const span = { fromMs: life.ready.at, toMs: life.death?.at ?? toMs };
    return overlap(span, window) ? [{ ...span, silences: silencesOf(life, window, leaseMs) }] : [];
  });
  let silentMs = 0;
  for (const piece of piecesOf(window, [...away, ...present, ...present.flatMap((each) => each.silences)])) {
    const there = present.filter((each) => contains(each, piece));
    const isSilent = there.every(({ silences }) => silences.some((silence) => contains(silence, piece)));
    const isAway = away.some((outage) => contains(outage, piece));
    if (there.length > 0 && isSilent && !isAway) silentMs += piece.toMs - piece.fromMs;
  }
  return silentMs;
}

/** When a beat was overdue by more than another one, and when the store took longer than that to answer it. */
function silencesOf(life: WorkerLife, window: Span, leaseMs: number): readonly Span[] {
  const beatMs = leaseMs / beatsPerLease;
  const { ready, aliveAt, answeredInMs, death } = life;
  const silences: Span[] = [];
  const first = firstIndexWhere(aliveAt, (at) => at >= window.fromMs);
  for (let index = first; index < aliveAt.length; index++) {
    const at = aliveAt[index] ?? 0;
    const before = Math.max(aliveAt[index - 1] ?? 0, ready?.at ?? 0);
    if (at - before > 2 * beatMs) silences.push({ fromMs: before + beatMs, toMs: at });
    const tookMs = answeredInMs[index] ?? 0;
    if (tookMs > beatMs) silences.push({ fromMs: at - tookMs, toMs: at });
    if (before >= window.toMs) break;
  }
  const last = aliveAt.at(-1);
  if (last !== undefined && death !== null && death.at - last > 2 * beatMs)
    silences.push({ fromMs: last + beatMs, toMs: death.at });
  return silences.filter((silence) => overlap(silence, window));
}

/** The window, cut wherever a span begins or ends. */
function piecesOf(window: Span, spans: readonly Span[]): readonly Span[] {
  const cuts = [window, ...spans]
    .flatMap(({ fromMs, toMs }) => [fromMs, toMs])
    .filter((at) => at >= window.fromMs && at <= window.toMs)
    .sort((a, b) => a - b);
  return cuts.slice(1).map((toMs, index) => ({ fromMs: cuts[index] ?? toMs, toMs }));
}

function overlap(a: Span, b: Span): boolean {
  return a.fromMs < b.toMs && b.fromMs < a.toMs;
}

function contains(outer: Span, inner: Span): boolean {
  return outer.fromMs <= inner.fromMs && inner.toMs <= outer.toMs;
}
