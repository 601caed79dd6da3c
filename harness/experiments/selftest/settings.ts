/** What of the selftest is played, and how large. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";

export const selftestSettingsSchema = z.strictObject({
  /** One variant, and no other runs of the correct targets; null plays all. */
  variant: z.string().nullable(),
  /** Fault-free runs of each correct target; two fifths as many with kills. */
  runs: count,
  /** Sessions that each variant is provoked on. */
  samples: z.int().positive(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type SelftestSettings = Readonly<z.infer<typeof selftestSettingsSchema>>;
