/** How hard and for how long each target works, by the profile unless flags say otherwise. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";
import { longLease, timing } from "../../run/timing.ts";
import type { Flag, ProfileName } from "../experiment.ts";

const durationMs = z.int().positive();

export const soakSettingsSchema = z.strictObject({
  workers: z.int().min(2),
  /** Callers at whose pace the peak is taken. */
  clients: z.int().positive(),
  /** How long all work before the peak is taken: compilers and connections take their time. */
  warmUpMs: count,
  peakMs: durationMs,
  overloadMs: durationMs,
  /** How long is waited, at the most, until none of the overload's sessions is left, and how long for the soak's. */
  overloadDrainMs: durationMs,
  soakDrainMs: durationMs,
  /** How long the soak's sessions come before anything of it is sampled, or anybody killed. */
  settleMs: count,
  soakMs: durationMs,
  killEveryMs: durationMs,
  sampleEveryMs: durationMs,
  /** Of peak and overload, where nobody dies. */
  longLeaseMs: durationMs,
  leaseMs: durationMs,
  retryDelayMs: count,
});

export type SoakSettings = Readonly<z.infer<typeof soakSettingsSchema>>;

type Durations =
  | "warmUpMs"
  | "peakMs"
  | "overloadMs"
  | "overloadDrainMs"
  | "soakDrainMs"
  | "settleMs"
  | "soakMs"
  | "killEveryMs"
  | "sampleEveryMs";

const minuteMs = 60_000;

const shapes: Readonly<Record<ProfileName, Pick<SoakSettings, Durations>>> = {
  quick: {
    warmUpMs: 2_000,
    peakMs: 3_000,
    overloadMs: 5_000,
    overloadDrainMs: minuteMs,
    soakDrainMs: minuteMs / 2,
    settleMs: 5_000,
    soakMs: minuteMs,
    killEveryMs: minuteMs / 3,
    sampleEveryMs: 2_000,
  },
  standard: {
    warmUpMs: 5_000,
    peakMs: 10_000,
    overloadMs: 20_000,
    overloadDrainMs: 5 * minuteMs,
    soakDrainMs: minuteMs,
    settleMs: minuteMs,
    soakMs: 20 * minuteMs,
    killEveryMs: minuteMs,
    sampleEveryMs: 10_000,
  },
};

export interface SoakFlags {
  readonly minutes: number;
}

export const soakFlags: readonly Flag[] = [
  {
    flag: "--minutes <count>",
    says: "how long the soak of each target lasts (default: the profile's)",
    integer: [1, 1440],
  },
];

/** Pure. */
export function soakSettingsFrom({ minutes }: Partial<SoakFlags>, profile: ProfileName): SoakSettings {
  const shape = shapes[profile];
  return {
    workers: 2,
    clients: 64,
    ...shape,
    soakMs: minutes === undefined ? shape.soakMs : minutes * minuteMs,
    longLeaseMs: longLease.leaseMs,
    ...timing,
  };
}
