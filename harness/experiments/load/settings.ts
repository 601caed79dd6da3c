/** How many workers and callers work, and for how long, by the profile unless flags say otherwise. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";
import { longLease } from "../../run/timing.ts";
import type { Flag, ProfileName } from "../experiment.ts";

export const loadSettingsSchema = z.strictObject({
  /** Worker processes of each target; each number is a setting of its own. */
  workers: z.array(z.int().positive()).readonly(),
  /** Callers at a time, each number with each of the workers. */
  clients: z.array(z.int().positive()).readonly(),
  /** Of each arm at each setting, after one that is not counted. */
  rounds: z.int().positive(),
  roundMs: z.int().positive(),
  /** How long each arm works before anything of it is measured: compilers and connections take their time. */
  warmUpMs: count,
  /** Whether the witness's cost is measured, and latency at a fixed rate: with the last number of workers but the greatest. */
  extras: z.boolean(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type LoadSettings = Readonly<z.infer<typeof loadSettingsSchema>>;

const shapes: Readonly<Record<ProfileName, Omit<LoadSettings, keyof typeof longLease>>> = {
  quick: { workers: [2], clients: [1, 32], rounds: 5, roundMs: 400, warmUpMs: 1200, extras: false },
  standard: {
    workers: [1, 2, 4],
    clients: [1, 16, 64, 256],
    rounds: 5,
    roundMs: 600,
    warmUpMs: 3000,
    extras: true,
  },
};

export interface LoadFlags {
  readonly workers: readonly number[];
  readonly clients: readonly number[];
  readonly rounds: number;
  /** In ms. */
  readonly roundTime: number;
}

export const loadFlags: readonly Flag[] = [
  {
    flag: "--workers <counts>",
    says: "worker processes of each target, such as 1,2,4 (default: the profile's)",
    integer: [1, 64],
    isList: true,
  },
  {
    flag: "--clients <counts>",
    says: "callers at a time, such as 1,16,64 (default: the profile's)",
    integer: [1, 10_000],
    isList: true,
  },
  {
    flag: "--rounds <count>",
    says: "rounds of each target at each setting (default: the profile's)",
    integer: [2, 1000],
  },
  {
    flag: "--round-time <ms>",
    says: "how long each round starts new sessions (default: the profile's)",
    integer: [50, 600_000],
  },
];

/** Pure. */
export function loadSettingsFrom(flags: Partial<LoadFlags>, profile: ProfileName): LoadSettings {
  const shape = shapes[profile];
  const { workers = shape.workers, clients = shape.clients, rounds = shape.rounds } = flags;
  return { ...shape, ...longLease, workers, clients, rounds, roundMs: flags.roundTime ?? shape.roundMs };
}
