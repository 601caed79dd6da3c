/** One session, its workers and what befell them, as the page draws them. Pure. */

import type { FaultImpact } from "../../history/exposure.ts";
import type { History, SessionHistory, WorkerLife } from "../../history/history.ts";
import type { Hit } from "../../history/hits.ts";
import { isDoneToAll } from "../../history/outages.ts";
import type { Entry } from "../../world/entry.ts";
import type { FaultTimeline, SessionTimeline, TimelineEntry, WorkerTimeline } from "./timeline-schema.ts";

/** A session that was executed over and over has more entries than anybody reads. */
const entriesShown = 120;

/** `startedAt` is what its times become relative to. */
export function distilSession(
  session: SessionHistory,
  hits: readonly Hit[],
  violated: SessionTimeline["violated"],
  startedAt: number,
): SessionTimeline {
  const ordinals = new Map<string, number>();
  for (const { execution } of session.begins)
    if (!ordinals.has(execution)) ordinals.set(execution, ordinals.size + 1);
  const entries = session.entries.map((entry) => distilEntry(entry, ordinals, startedAt));
  return {
    session: session.session,
    hits: hits.map(({ kind, fault, at }) => ({ kind, fault: fault.fault, atMs: at - startedAt })),
    violated,
    entries: entries.slice(0, entriesShown),
    omitted: Math.max(0, entries.length - entriesShown),
  };
}

function distilEntry(entry: Entry, ordinals: ReadonlyMap<string, number>, startedAt: number): TimelineEntry {
  const base = { atMs: entry.at - startedAt, kind: entry.kind };
  switch (entry.kind) {
    case "begin": {
      const { step, worker, execution, order } = entry;
      const note =
        order === null ? {} : { note: `ordered: ${order.kind}${"when" in order ? ` ${order.when}` : ""}` };
      return { ...base, step, worker, ...ordinalOf(execution, ordinals), ...note };
    }
    case "landed":
    case "suppressed":
    case "rejected": {
      const { step, effect, worker, execution } = entry;
      return { ...base, step, effect, worker, ...ordinalOf(execution, ordinals) };
    }
    case "call":
    case "started":
    case "result":
      return { ...base, caller: entry.caller };
    case "refused":
      return { ...base, step: entry.step, worker: entry.worker, note: entry.error };
    case "start-failed":
    case "result-failed":
      return { ...base, caller: entry.caller, note: entry.error };
    default:
      return base;
  }
}

function ordinalOf(
  execution: string,
  ordinals: ReadonlyMap<string, number>,
): { readonly execution?: number } {
  const ordinal = ordinals.get(execution);
  return ordinal === undefined ? {} : { execution: ordinal };
}

export function distilWorker(life: WorkerLife, startedAt: number): WorkerTimeline {
  const { worker, spawned, ready, exited, killedBy } = life;
  const relative = (entry: Entry | null) => (entry === null ? null : entry.at - startedAt);
  return {
    worker,
    spawnedMs: relative(spawned) ?? relative(ready) ?? 0,
    readyMs: relative(ready),
    exitedMs: relative(exited),
    killedBy: killedBy?.fault ?? null,
  };
}

export function distilFault(
  { fault, interrupted, leftWaiting, effective }: FaultImpact,
  { lastingFaults, endsAt }: History,
  startedAt: number,
): FaultTimeline {
  const lasting = lastingFaults.find((each) => each.fault === fault);
  return {
    id: fault.fault,
    kind: fault.faultKind,
    atMs: fault.at - startedAt,
    toMs: lasting === undefined ? null : (lasting.toMs ?? endsAt) - startedAt,
    workers: fault.workers,
    isOnStore: isDoneToAll(fault),
    interrupted: interrupted.length,
    leftWaiting: leftWaiting.length,
    effective,
  };
}
