/**
 * Whether a worker stalled for so long that its lease may have lapsed. A renewal is due each half lease; one that comes
 * half a lease late loses it. A worker beats ten times per lease, so the beats that are missing tell how much of a lease
 * it lost: half of it at once, or in several short stalls within one lease. And a store that takes a quarter of a lease to
 * answer loses it too: the lease began so long before the worker knew of it, and its renewal takes as long to arrive.
 */

import type { WorkerLife } from "../history/history.ts";
import { firstIndexWhere } from "../history/outages.ts";
import { beatsPerLease } from "../world/entry.ts";

/**
 * Whether it stalled, or its store did, at some time that bears on [fromMs, toMs]: in it, or within the lease before. Logarithmic
 * in the beats, plus one step per beat in that time. Pure.
 */
export function wasStarved(
  life: Pick<WorkerLife, "aliveAt" | "answeredInMs" | "death">,
  fromMs: number,
  toMs: number,
  leaseMs: number,
): boolean {
  return stalls(life, fromMs, toMs, leaseMs, ({ answeredInMs }) => answeredInMs > leaseMs / 4);
}

/** The same of the worker alone: that its store did not answer it is no excuse. */
export function stoodStill(
  life: Pick<WorkerLife, "aliveAt" | "answeredInMs" | "death">,
  fromMs: number,
  toMs: number,
  leaseMs: number,
): boolean {
  return stalls(life, fromMs, toMs, leaseMs, () => false);
}

function stalls(
  { aliveAt, answeredInMs, death }: Pick<WorkerLife, "aliveAt" | "answeredInMs" | "death">,
  fromMs: number,
  toMs: number,
  leaseMs: number,
  isStall: (beat: { readonly answeredInMs: number }) => boolean,
): boolean {
  const half = beatsPerLease / 2;
  const start = Math.max(0, firstIndexWhere(aliveAt, (at) => at >= fromMs - leaseMs) - 1); // a silence may reach into that time
  for (let index = start; index < aliveAt.length; index++) {
    const at = aliveAt[index] ?? 0;
    if (at > toMs) break;
    const next = Math.min(aliveAt[index + 1] ?? death?.at ?? 0, toMs);
    const later = Math.min(aliveAt[index + half] ?? 0, toMs);
    if (next - at > leaseMs / 2 || later - at > leaseMs) return true;
    if (isStall({ answeredInMs: answeredInMs[index] ?? 0 })) return true;
  }
  return false;
}
