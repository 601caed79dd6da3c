/** How many activities the measured sessions record, by the profile unless flags say otherwise. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";
import { longLease } from "../../run/timing.ts";
import type { ProfileName } from "../experiment.ts";

export const costSettingsSchema = z.strictObject({
  /** How many activities the sessions record; each number is a row of its own. */
  activities: z.array(count).readonly(),
  sessions: z.int().positive(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type CostSettings = Readonly<z.infer<typeof costSettingsSchema>>;

const shapes: Readonly<Record<ProfileName, Pick<CostSettings, "activities" | "sessions">>> = {
  quick: { activities: [1, 20], sessions: 30 },
  standard: { activities: [1, 5, 20, 100], sessions: 100 },
};

export type CostFlags = Pick<CostSettings, "activities" | "sessions">;

/** Pure. */
export function costSettingsFrom(flags: Partial<CostFlags>, profile: ProfileName): CostSettings {
  const { activities = shapes[profile].activities, sessions = shapes[profile].sessions } = flags;
  return { activities, sessions, ...longLease };
}
