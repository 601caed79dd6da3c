/** Which points of the crash matrix are played, and how often a session dies at each. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";

export const crashMatrixSettingsSchema = z.strictObject({
  /** By id, in the order of the lifecycle. */
  points: z.array(z.string()).readonly(),
  /** How many lives of a session die at the point: the first, and its retries. */
  depth: z.int().positive(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type CrashMatrixSettings = Readonly<z.infer<typeof crashMatrixSettingsSchema>>;
