/**
 * How many sessions per second each target carries, how the targets compare, and how small a difference the run could see.
 * Ratios come from rounds that were taken in turns, and carry their interval.
 */
import { z } from "zod";
import { cpuParts } from "../../processes/cpu-profile.ts";
import {
  count,
  estimateSchema,
  figure,
  measured,
  percentilesSchema,
  rate,
  targetName,
} from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";

/** What a round of load consists of. */
export const loadWorks = ["lifecycle", "engine-ceiling"] as const;

/**
 * `no-op`: a world that answers at once, so that the witness costs nothing; `witnessed`: the world of all other
 * experiments; `none`: work that calls no world.
 */
export const loadWorlds = ["no-op", "witnessed", "none"] as const;

/** What is measured, and how hard it is asked to work. */
const place = {
  target: targetName,
  /** Whole sessions, or the least that the engine can do, which bounds what any lifecycle can reach on it. */
  work: z.enum(loadWorks),
  world: z.enum(loadWorlds),
  /** Callers, each of which starts the next session when its last one has ended; null where a rate is fixed instead. */
  clients: z.int().positive().nullable(),
  /** Sessions that are started per second, however many are under way; latencies then count from the time at which each was due. */
  ratePerSecond: measured,
  /** That rate ÷ the most that the target itself carried; null for one rate that all targets have, and where callers wait. */
  shareOfPeak: measured.optional(),
  workers: z.int().positive(),
};

const loadRowSchema = z.strictObject({
  ...place,
  rounds: count,
  /** Besides these: rounds in which a session never ended. */
  unfinishedRounds: count.default(0),
  /** Of all rounds. Of a ceiling: its units of work. */
  sessions: count,
  sessionsPerSecond: estimateSchema,
  /** Of each round, in their order: what that median and its interval come from. */
  ofRounds: z.array(figure).readonly().default([]),
  stepsPerSecond: measured,
  /** Requests to the store, as it counts them, that one of them takes. */
  requestsPerSession: measured,
  /** Requests per second of this row ÷ requests per second of the ceiling with as many clients and workers; null in a ceiling's own row. */
  shareOfCeiling: measured,
  /** From the start of a session to its result; of a whole round's sessions. */
  ...percentilesSchema.shape,
});

/** Why a ratio shows no difference. */
export const loadWarnings = ["interval includes 1", "within the A/A interval"] as const;

const loadRatioRowSchema = z.strictObject({
  /** Sessions per second of `target` ÷ those of `against`, of the same turns. */
  target: targetName,
  against: targetName,
  world: z.enum(loadWorlds),
  clients: z.int().positive(),
  workers: z.int().positive(),
  /** Pairs of rounds, one of each target, of the same turn. */
  pairs: count,
  ratio: estimateSchema,
  ofPairs: z.array(figure).readonly().default([]),
  warnings: z.array(z.enum(loadWarnings)).readonly(),
});

/** A target against itself under another name: what the ratio differs from 1 by is the noise of the run. */
const loadAaRowSchema = z.strictObject({
  target: targetName,
  clients: z.int().positive(),
  workers: z.int().positive(),
  pairs: count,
  ratio: estimateSchema,
  ofPairs: z.array(figure).readonly().default([]),
});

/** Why a row says nothing of its target. */
export const loadFlaws = ["rounds drift", "machine was busy", "a session never ended"] as const;

const loadLeftOutRowSchema = z.strictObject({
  ...place,
  flaws: z.array(z.enum(loadFlaws)).readonly(),
  /** Rounds that it had in all, of which none that followed each other were sound. */
  rounds: count,
});

/** A target as its engine's expert tunes it, held against the same untuned. */
const loadTunedRowSchema = z.strictObject({
  target: targetName,
  /** The target's name, and what was turned. */
  tuned: z.string().min(1),
  clients: z.int().positive(),
  workers: z.int().positive(),
  sessionsPerSecond: estimateSchema,
  pairs: count,
  ratio: estimateSchema,
  ofPairs: z.array(figure).readonly().default([]),
  warnings: z.array(z.enum(loadWarnings)).readonly(),
});

/** What has nothing left to give: the machine, the one client, the store's thread or the workers' threads, or nothing of these. */
const loadBoundKinds = ["processors", "client", "store", "workers", "waiting", "unknown"] as const;

/** Why a target carries no more, where it carried most. */
const loadBoundRowSchema = z.strictObject({
  target: targetName,
  clients: z.int().positive(),
  workers: z.int().positive(),
  cores: z.int().positive(),
  /** Processors that are busy with each. */
  workerProcessors: measured,
  storeProcessors: measured,
  clientProcessors: measured,
  boundBy: z.enum(loadBoundKinds),
  /** Of the time of the workers' threads, by a profile of one round; null where there is none. */
  parts: z
    .array(z.strictObject({ part: z.enum(cpuParts), share: rate }))
    .readonly()
    .nullable(),
  /** What the store was asked alone, in words, and how many of these it answered per second. */
  request: z.string().nullable(),
  requestsAlone: measured,
  /** Sessions per second whose requests those would be, and the target's peak ÷ that. */
  limit: measured,
  shareOfLimit: measured,
  whyNoLimit: z.string().nullable(),
});

export const loadRowSchemas = {
  load: loadRowSchema,
  loadRatios: loadRatioRowSchema,
  loadAa: loadAaRowSchema,
  loadBounds: loadBoundRowSchema,
  loadTuned: loadTunedRowSchema,
  loadLeftOut: loadLeftOutRowSchema,
};

export type LoadRows = RowsOf<typeof loadRowSchemas>;
export type LoadRow = LoadRows["load"][number];
export type LoadRatioRow = LoadRows["loadRatios"][number];
export type LoadAaRow = LoadRows["loadAa"][number];
export type LoadTunedRow = LoadRows["loadTuned"][number];
export type LoadBoundRow = LoadRows["loadBounds"][number];
export type LoadLeftOutRow = LoadRows["loadLeftOut"][number];
