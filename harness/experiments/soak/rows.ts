/** What a target does with more than it can carry, and how it fares for long while its workers die. */
import { z } from "zod";
import { count, figure, measured, percentilesSchema, targetName } from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";

/** What became of the sessions that were started at a fixed rate. */
const tally = {
  /** Of starts that were asked for; null where the peak is not known that it is a share of. */
  ratePerSecond: measured,
  begun: count,
  finished: count,
  /** Whose start was refused, or whose result was an error. */
  failed: count,
  /** What the first of these said. */
  failure: z.string().nullable(),
  /** Why it was not measured to its end; null where it was. */
  stopped: z.string().nullable(),
};

const overloadRowSchema = z.strictObject({
  target: targetName,
  workers: z.int().positive(),
  /** Callers of the peak, each of which starts its next session when its last has ended. */
  clients: z.int().positive(),
  peakPerSecond: measured,
  ...tally,
  /** How long the starts took: longer than they were to, where the client was late with them. */
  startingMs: measured,
  /** Sessions that had not ended when the last one was started. */
  backlog: measured,
  /** From the last start until none was left. */
  drainedMs: measured,
  /** Of the sessions that finished, from when each was due to its result. */
  ...percentilesSchema.shape,
});

const soakRowSchema = z.strictObject({
  target: targetName,
  workers: z.int().positive(),
  ...tally,
  forMs: count,
  kills: count,
  /** Sessions that had not ended long after the last start; null where nobody could wait for that. */
  lost: measured,
  finishedPerMinute: z.array(count).readonly(),
  /** What the engine says that it keeps of a session that has ended, and for how long. */
  keeps: z.string().nullable(),
});

const growthKinds = [
  "store memory",
  "store disk",
  "memory of the worker that lives",
  "memory of the worker that is killed",
  "connections of the worker that lives",
  "connections of the worker that is killed",
  "connections of the client",
] as const;

const slopeSchema = z.strictObject({ value: z.number(), low95: z.number(), high95: z.number() });

const growthRowSchema = z.strictObject({
  target: targetName,
  /** Bytes, or open connections to the store. */
  what: z.enum(growthKinds),
  /** Lives of the process in which it was seen: within each of them it grows from a level of its own. */
  lives: count,
  /** Minute of the soak, and what was seen then. */
  samples: z.array(z.tuple([figure, figure]).readonly()).readonly(),
  /** Within lives; null where too little was seen. */
  perHour: slopeSchema.nullable(),
});

export const soakRowSchemas = {
  overload: overloadRowSchema,
  soak: soakRowSchema,
  growth: growthRowSchema,
};

export type SoakRows = RowsOf<typeof soakRowSchemas>;
export type OverloadRow = SoakRows["overload"][number];
export type SoakRow = SoakRows["soak"][number];
export type GrowthRow = SoakRows["growth"][number];
export type Slope = Readonly<z.infer<typeof slopeSchema>>;
