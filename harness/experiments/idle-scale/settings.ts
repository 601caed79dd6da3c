/** How many sessions sleep, and how they come due, by the profile unless flags say otherwise. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";
import { longLease } from "../../run/timing.ts";
import type { ProfileName } from "../experiment.ts";
import { dueKinds } from "./rows.ts";

/** So many sessions that sleep at the same time, and how they come due. */
const caseSchema = z.strictObject({ sleepers: z.int().positive(), due: z.enum(dueKinds) });

export const idleScaleSettingsSchema = z.strictObject({
  cases: z.array(caseSchema).readonly(),
  /** Whether all targets sleep at the same time, which is quicker; otherwise one after another. */
  together: z.boolean(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type IdleScaleSettings = Readonly<z.infer<typeof idleScaleSettingsSchema>>;

const shapes: Readonly<Record<ProfileName, Omit<IdleScaleSettings, keyof typeof longLease>>> = {
  quick: { cases: [{ sleepers: 300, due: "spread over 10 s" }], together: true },
  standard: {
    cases: [
      { sleepers: 1000, due: "spread over 10 s" },
      { sleepers: 1000, due: "all at once" },
      { sleepers: 10_000, due: "spread over 10 s" },
      { sleepers: 100_000, due: "spread over 10 s" },
    ],
    together: false,
  },
};

export interface IdleScaleFlags {
  readonly sleepers: readonly number[];
}

/** Each number of sleepers that a flag names comes due in every way. Pure. */
export function idleScaleSettingsFrom(
  { sleepers }: Partial<IdleScaleFlags>,
  profile: ProfileName,
): IdleScaleSettings {
  const { cases, together } = shapes[profile];
  const asked = sleepers?.flatMap((count) => dueKinds.map((due) => ({ sleepers: count, due })));
  return { cases: asked ?? cases, together, ...longLease };
}
