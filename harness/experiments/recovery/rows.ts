/** From a fault to the next execution of the sessions that it interrupted. */
import { z } from "zod";
import { count, durationMs, percentilesSchema, targetName } from "../../report/schema-parts.ts";
import type { RowsOf } from "../experiment.ts";

const recoveryRowSchema = z.strictObject({
  target: targetName,
  faultKind: z.string(),
  leaseMs: durationMs,
  /** Whether that lease is what the engine takes where nobody asks for another. */
  leaseIsDefault: z.boolean(),
  /** Intervals measured whole, and intervals that another fault cut short; the figures are of the former. */
  intervals: count,
  censored: count,
  ...percentilesSchema.shape,
});

/** From when somebody could wake a session until `expire` began, ms; of sessions whose wait such a fault fell into. */
const wakeRowSchema = z.strictObject({
  target: targetName,
  /** `none`: nothing befell any worker or the store. */
  faultKind: z.string(),
  leaseMs: durationMs,
  /** As in {@link recoveryRowSchema}. Older results have none of the default. */
  leaseIsDefault: z.boolean().default(false),
  wakes: count,
  ...percentilesSchema.shape,
});

export const recoveryRowSchemas = { recovery: recoveryRowSchema, wakes: wakeRowSchema };

export type RecoveryRows = RowsOf<typeof recoveryRowSchemas>;
export type WakeRow = RecoveryRows["wakes"][number];
export type RecoveryRow = RecoveryRows["recovery"][number];
