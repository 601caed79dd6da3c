/** How often the sessions of each durability are played, and how many they are. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";

export const durabilitySettingsSchema = z.strictObject({
  rounds: z.int().positive(),
  sessions: z.int().positive(),
  workers: z.int().positive(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type DurabilitySettings = Readonly<z.infer<typeof durabilitySettingsSchema>>;
