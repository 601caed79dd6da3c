/** How large each run of `faults` is, and which there are. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";

export const faultsSettingsSchema = z.strictObject({
  /** By name. */
  runs: z.array(z.string()).readonly(),
  sessions: z.int().positive(),
  arrivalsMs: z.int().positive(),
  workers: z.int().positive(),
  clients: z.int().positive(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type FaultsSettings = Readonly<z.infer<typeof faultsSettingsSchema>>;

export interface FaultsFlags {
  readonly only: readonly string[];
}
