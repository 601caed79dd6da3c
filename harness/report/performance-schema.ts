/**
 * The rows of `results.json` that say what each side costs: load, sleepers, and what a session takes. Ratios between
 * targets come from rounds that were taken in turn, and carry their interval; a figure that was not measured is `null`.
 */
import { z } from "zod";

const count = z.int().nonnegative();
const figure = z.number().nonnegative();
const measured = figure.nullable();
const target = z.string().min(1);

/** The median of several rounds, with its 95 % interval by bootstrap. */
const estimateSchema = z
  .strictObject({ value: figure, low95: figure, high95: figure })
  .refine(({ value, low95, high95 }) => low95 <= value && value <= high95, {
    error: "the estimate lies outside its interval",
  });

/** Milliseconds. */
const percentilesSchema = z.strictObject({
  p50Ms: measured,
  p95Ms: measured,
  p99Ms: measured,
  maxMs: measured,
});

/** What a round of load consists of. */
export const loadWorks = ["lifecycle", "engine-ceiling"] as const;

/**
 * `no-op`: a world that answers at once, so that the witness costs nothing; `witnessed`: the world of all other
 * experiments; `none`: work that calls no world.
 */
export const loadWorlds = ["no-op", "witnessed", "none"] as const;

export const loadRowSchema = z.strictObject({
  target,
  /** Whole sessions, or the least that the engine can do, which bounds what any lifecycle can reach on it. */
  work: z.enum(loadWorks),
  world: z.enum(loadWorlds),
  /** Callers, each of which starts the next session when its last one has ended; null where a rate is fixed instead. */
  clients: z.int().positive().nullable(),
  /** Sessions that are started per second, however many are under way; latencies then count from the time at which each was due. */
  ratePerSecond: measured,
  workers: z.int().positive(),
  rounds: count,
  /** Of all rounds. Of a ceiling: its units of work. */
  sessions: count,
  sessionsPerSecond: estimateSchema,
  stepsPerSecond: measured,
  /** Store requests (Resonate) or Redis commands (BullMQ) that one of them takes. */
  requestsPerSession: measured,
  /** Requests per second of this row ÷ requests per second of the ceiling with as many clients and workers; null in a ceiling's own row. */
  shareOfCeiling: measured,
  /** From the start of a session to its result; of a whole round's sessions. */
  ...percentilesSchema.shape,
});

/** Why a ratio is weaker than its figures look. */
export const loadWarnings = ["interval includes 1", "rounds drift", "machine was busy"] as const;

export const loadRatioRowSchema = z.strictObject({
  /** Sessions per second of `target` ÷ those of `against`, of the same rounds. */
  target,
  against: target,
  world: z.enum(loadWorlds),
  clients: z.int().positive(),
  workers: z.int().positive(),
  /** Pairs of rounds, one of each side, taken one after the other. */
  pairs: count,
  ratio: estimateSchema,
  warnings: z.array(z.enum(loadWarnings)).readonly(),
});

export const dueKinds = ["spread over 10 s", "all at once"] as const;

export const idleScaleRowSchema = z.strictObject({
  target,
  sleepers: count,
  /** How they come due. */
  due: z.enum(dueKinds),
  /** Why it was not measured to its end; null where it was. */
  stopped: z.string().nullable(),
  /** From the first start until the last of them sleeps. */
  buildMs: measured,
  storeBytesPerSession: measured,
  diskBytesPerSession: measured,
  /** While all of them sleep: milliseconds of processor time per second. */
  storeCpuMsPerSecond: measured,
  workerCpuMsPerSecond: measured,
  /** How much later than its deadline a session's `expire` landed. */
  latenessP50Ms: z.number().nullable(),
  latenessP99Ms: z.number().nullable(),
  latenessMaxMs: z.number().nullable(),
});

export const costRowSchema = z.strictObject({
  target,
  /** Activities that each session records. */
  activities: count,
  sessions: count,
  /** Store requests (Resonate) or Redis commands (BullMQ), per session, the most frequent first. */
  requests: z
    .array(z.strictObject({ kind: z.string(), perSession: figure }))
    .readonly()
    .nullable(),
  /** Requests that waited for an answer, per session. */
  roundTripsPerSession: measured,
  wireBytesPerSession: measured,
  diskBytesPerSession: measured,
  workerCpuMsPerSession: measured,
  storeCpuMsPerSession: measured,
  workerPeakBytes: measured,
  storePeakBytes: measured,
});

/** What a reader must have and know beside the code. */
export const footprintRowSchema = z.strictObject({
  implementation: z.string(),
  /** Processes to run beside the workers. */
  services: z.array(z.string()).readonly(),
  /** Direct npm dependencies, and how many packages they bring along. */
  packages: z.array(z.string()).readonly(),
  packagesInAll: count,
  /** Named concepts of the engine that the code uses. */
  concepts: z.array(z.string()).readonly(),
});

export type Estimate = Readonly<z.infer<typeof estimateSchema>>;
export type LoadRow = Readonly<z.infer<typeof loadRowSchema>>;
export type LoadRatioRow = Readonly<z.infer<typeof loadRatioRowSchema>>;
export type IdleScaleRow = Readonly<z.infer<typeof idleScaleRowSchema>>;
export type CostRow = Readonly<z.infer<typeof costRowSchema>>;
export type FootprintRow = Readonly<z.infer<typeof footprintRowSchema>>;
