/**
 * What the page keeps of a run's history: enough to draw who worked on what and when, and little enough to be read in
 * a browser. Times are ms after the run of that experiment on that target began, on the world's clock.
 */
import { z } from "zod";
import { faultKinds } from "../../faults/kinds/faults.ts";
import { count, rowsOf } from "../schema-parts.ts";

/** One entry of the ledger; the fields that its kind does not have are absent. */
const timelineEntrySchema = z.strictObject({
  atMs: z.number(),
  kind: z.string(),
  step: z.string().optional(),
  effect: z.string().optional(),
  worker: z.string().optional(),
  /** The how many-th execution of this session it belongs to, from 1. */
  execution: z.int().positive().optional(),
  /** Of a call and what it led to. */
  caller: z.string().optional(),
  /** What failed, or what the world ordered an execution to do. */
  note: z.string().optional(),
});

const sessionTimelineSchema = z.strictObject({
  session: z.string(),
  /** In order of time. A fault whose entry names the same id stands in `faults` of the run. */
  hits: rowsOf(z.strictObject({ kind: z.string(), fault: z.string(), atMs: z.number() })),
  violated: rowsOf(z.strictObject({ invariant: z.string(), guaranteed: z.boolean() })),
  entries: rowsOf(timelineEntrySchema),
  /** Entries that are left out because the session has so many. */
  omitted: count,
});

/** One life of a worker process. */
const workerTimelineSchema = z.strictObject({
  worker: z.string(),
  spawnedMs: z.number(),
  readyMs: z.number().nullable(),
  exitedMs: z.number().nullable(),
  /** The fault that ended it; null where it left, or outlived the run. */
  killedBy: z.string().nullable(),
});

const faultTimelineSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(faultKinds),
  atMs: z.number(),
  /** When a fault that lasts was over; null for one that does not last. */
  toMs: z.number().nullable(),
  workers: rowsOf(z.string()),
  /** Whether it was done to the store, and so to everybody. */
  isOnStore: z.boolean(),
  interrupted: count,
  leftWaiting: count,
  effective: z.boolean(),
});

const keptSchema = z.strictObject({ kept: count, of: count });
const splitSchema = z.strictObject({ hit: rowsOf(z.number()), others: rowsOf(z.number()) });

const runTimelineSchema = z.strictObject({
  experiment: z.string(),
  target: z.string(),
  /** Ms since the epoch on the world's clock: what all times here are relative to. */
  startedAt: z.number(),
  lengthMs: z.number(),
  leaseMs: z.number().nullable(),
  workers: rowsOf(workerTimelineSchema),
  /** Those that were done to workers, clients or the store; what was done to a session stands with it. */
  faults: rowsOf(faultTimelineSchema),
  /** Times in which no worker could work. */
  outages: rowsOf(z.strictObject({ fromMs: z.number(), toMs: z.number() })),
  /** A sample, in order of start. */
  sessions: rowsOf(sessionTimelineSchema),
  sampled: z.strictObject({ violating: keptSchema, hit: keptSchema, others: keptSchema }),
  /** Of all interruptions, not of a sample. */
  recoveries: rowsOf(
    z.strictObject({ faultKind: z.enum(faultKinds), recoveryMs: z.number(), censored: z.boolean() }),
  ),
  /** How much later than its deadline each session's `expire` landed, ms: of all sessions, but those whose callers passed windows of which nothing tells which one ran. */
  latenessMs: splitSchema,
  /** From the first call of each session to its first result, without its idle window, ms: of the same. */
  busyMs: splitSchema,
});

/** One session, and the workers that it had to itself, or that worked for it. */
const caseTimelineSchema = z.strictObject({
  experiment: z.string(),
  target: z.string(),
  startedAt: z.number(),
  lengthMs: z.number(),
  workers: rowsOf(workerTimelineSchema),
  faults: rowsOf(faultTimelineSchema),
  session: sessionTimelineSchema,
});

export const timelineSchema = z.strictObject({
  runs: rowsOf(runTimelineSchema),
  cases: rowsOf(caseTimelineSchema),
});

export type Timeline = Readonly<z.infer<typeof timelineSchema>>;
export type RunTimeline = Readonly<z.infer<typeof runTimelineSchema>>;
export type CaseTimeline = Readonly<z.infer<typeof caseTimelineSchema>>;
export type SessionTimeline = Readonly<z.infer<typeof sessionTimelineSchema>>;
export type WorkerTimeline = Readonly<z.infer<typeof workerTimelineSchema>>;
export type FaultTimeline = Readonly<z.infer<typeof faultTimelineSchema>>;
export type TimelineEntry = Readonly<z.infer<typeof timelineEntrySchema>>;
