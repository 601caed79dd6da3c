/** Which claims are put to the test, and at which lease. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";

export const claimSettingsSchema = z.strictObject({
  /** By id, in the order of the report. */
  claims: z.array(z.string()).readonly(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type ClaimSettings = Readonly<z.infer<typeof claimSettingsSchema>>;
