/** How large each run of `recovery` is. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";

/** Each of its runs, which has one kind of fault in it. */
export const recoverySettingsSchema = z.strictObject({
  sessions: z.int().positive(),
  arrivalsMs: z.int().positive(),
  workers: z.int().positive(),
  clients: z.int().positive(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type RecoverySettings = Readonly<z.infer<typeof recoverySettingsSchema>>;
