/** How many workers and callers work, and for how long, by the profile unless flags say otherwise. */
import { z } from "zod";
import { count } from "../../report/schema-parts.ts";
import { longLease } from "../../run/timing.ts";
import type { Flag, ProfileName } from "../experiment.ts";

const extent = {
  /** Turns of a row: so many at least, and more until its interval is narrow, but no more than the second number. */
  turns: z.tuple([z.int().positive(), z.int().positive()]).readonly(),
  /** How long each of its rounds starts new sessions. */
  roundMs: z.int().positive(),
};

export const loadSettingsSchema = z.strictObject({
  /** Worker processes of each target. The last but one of these numbers meets every number of callers, the others one. */
  workers: z.array(z.int().positive()).min(1).readonly(),
  /** Callers at a time. */
  clients: z.array(z.int().positive()).min(1).readonly(),
  ...extent,
  /** Of lifecycles with the clients and workers of the A/A pair; where it is left out, they are like all other rows. */
  main: z.strictObject(extent).readonly().optional(),
  /**
   * A row that was busy or drifting gets more turns, one after the other, each of which replaces the oldest that it counts: as many
   * as take all of it anew so often. If it is not sound then, it is left out.
   */
  retakes: count,
  /**
   * How long processes that were just started work before anything of them is measured. With 64 callers on two cores, both usual
   * targets carry half as much in their first second as after 3.5 s, and one carried 3.5 % more after ten.
   */
  warmUpMs: count,
  /** Whether ceilings and the witness's cost are measured, latency at fixed rates, what bounds each target, and what tuning gives. */
  extras: z.boolean(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
});

export type LoadSettings = Readonly<z.infer<typeof loadSettingsSchema>>;

/** How much is measured for a row. */
export type Extent = Pick<LoadSettings, "turns" | "roundMs">;

const shapes: Readonly<Record<ProfileName, Omit<LoadSettings, keyof typeof longLease>>> = {
  quick: {
    workers: [2],
    clients: [1, 32],
    turns: [3, 3],
    roundMs: 500,
    retakes: 1,
    warmUpMs: 1500,
    extras: false,
  },
  standard: {
    workers: [1, 2, 4],
    clients: [1, 16, 64, 256],
    turns: [4, 8],
    roundMs: 2500,
    // Of one target on two noisy cores, pairs of rounds of 2.5 s lay 11 % apart (standard deviation), those of 10 s 6 %.
    main: { turns: [4, 12], roundMs: 10_000 },
    retakes: 5,
    warmUpMs: 6000,
    extras: true,
  },
};

/** The number of workers at which most is measured. Pure. */
export function mainWorkersOf({ workers }: Pick<LoadSettings, "workers">): number {
  return workers[Math.max(0, workers.length - 2)] as number; // there is one at least
}

/** With so many callers a target is measured against itself, and with every number of workers: enough to keep it busy. */
const busyCallers = 64;

/** The number of callers nearest to that, from below where there is one. Pure. */
export function usualClientsOf({ clients }: Pick<LoadSettings, "clients">): number {
  const below = clients.filter((each) => each <= busyCallers);
  return below.length > 0 ? Math.max(...below) : Math.min(...clients);
}

export interface LoadFlags {
  readonly workers: readonly number[];
  readonly clients: readonly number[];
  readonly turns: number;
  /** In ms. */
  readonly roundTime: number;
}

export const loadFlags: readonly Flag[] = [
  {
    flag: "--workers <counts>",
    says: "worker processes of each target, such as 1,2,4; the last but one meets every number of callers, the others one (default: the profile's)",
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
    flag: "--turns <count>",
    says: "turns of each target, each with processes of its own (default: the profile's)",
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
  const { workers = shape.workers, clients = shape.clients, turns, roundTime } = flags;
  const asked = (extent: Extent): Extent => ({
    turns: turns === undefined ? extent.turns : [turns, turns],
    roundMs: roundTime ?? extent.roundMs,
  });
  const main = shape.main && { main: asked(shape.main) };
  return { ...shape, ...longLease, workers, clients, ...asked(shape), ...main };
}
