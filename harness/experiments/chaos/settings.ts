/** How large a plan is: by the profile, unless flags say otherwise. */
import { z } from "zod";
import { plannedFaultKinds } from "../../faults/kinds/faults.ts";
import type { FaultCounts } from "../../plan/draw-faults.ts";
import type { PlanShape } from "../../plan/draw-plan.ts";
import { arrivalsFor, type FaultMix, faultCountsOf, faultMixOf } from "../../plan/fault-mix.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { count } from "../../report/schema-parts.ts";
import { timing } from "../../run/timing.ts";
import type { Flag, ProfileName } from "../experiment.ts";

export const chaosSettingsSchema = z.strictObject({
  sessions: z.int().positive(),
  /** Null where the plan was given and not drawn. */
  arrivalsMs: count.nullable(),
  workers: z.int().positive(),
  clients: z.int().positive(),
  /** How many of each kind. */
  faults: z.partialRecord(z.enum(plannedFaultKinds), count),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
  /** For how long the outside world remembers an idempotency key; for good, where it is left out. */
  keyTtlMs: z.int().positive().optional(),
  /** How many of a hundred kills were to fall into an outage or a drain; none, where it is left out. */
  overlap: z.int().min(0).max(100).optional(),
  /** How long to look for a smaller plan that fails too, s. */
  shrinkS: count,
});

export type ChaosSettings = Readonly<z.infer<typeof chaosSettingsSchema>>;

/** At a lease of a second; at a longer one as many arrive, and as many faults come, in as many leases. */
const shapes: Readonly<Record<ProfileName, Omit<PlanShape, "leaseMs">>> = {
  /** What a newcomer waits for: a table within two minutes on two cores. */
  quick: {
    sessions: 768, // a third of them naive: 256. More come too fast for two cores in a slow hour
    arrivalsMs: 70_000,
    workers: 2,
    clients: 2,
    faults: { kill: 35, "kill-all": 3 },
    retryDelayMs: timing.retryDelayMs,
  },
  /** What is published. */
  standard: {
    sessions: 2000, // five a second: with every kind of fault among them, two cores need the time to catch up
    arrivalsMs: 400_000,
    workers: 2,
    clients: 2,
    faults: { kill: 200, "kill-all": 24 },
    retryDelayMs: timing.retryDelayMs,
  },
};

const { standard } = shapes;
/** So many faults of each kind there are to be, times its weight, where nobody says how long the run is. */
const ofEachKind = 2;

/** How long to look for a smaller plan where nobody says, s. */
const usualShrinkS = 90;

export interface ChaosFlags {
  readonly sessions: number;
  /** In seconds. */
  readonly arrivals: number;
  readonly workers: number;
  readonly clients: number;
  /** Kinds of fault with their weights. */
  readonly faults: string;
  readonly kills: number;
  readonly killAlls: number;
  readonly retryDelay: number;
  readonly keyTtl: number;
  readonly overlap: number;
  readonly shrink: number;
}

const ofProfile = (what: string) => `${what} (default: the profile's)`;

export const shrinkFlag: Flag = {
  flag: "--shrink <seconds>",
  says: "how long to look for the smallest plan that fails, where a guarantee is violated; 0 does not look",
  integer: [0, 86_400],
  byDefault: usualShrinkS,
};

export const chaosFlags: readonly Flag[] = [
  {
    flag: "--sessions <count>",
    says: ofProfile("sessions started on each target"),
    integer: [1, 100_000],
  },
  {
    flag: "--arrivals <seconds>",
    says: "how long arrivals are spread over (default: the profile's, or longer where two faults of each kind need that)",
    integer: [1, 86_400],
  },
  { flag: "--workers <count>", says: ofProfile("worker processes of each target"), integer: [1, 64] },
  { flag: "--clients <count>", says: ofProfile("client processes of each target"), integer: [1, 64] },
  {
    flag: "--faults <list>",
    says: `kinds of fault to draw, with weights, as many as the arrivals have room for, and those that a target can take: kill:5,pause or all (default: the profile's kills and kill-alls); known: ${plannedFaultKinds.join(", ")}`,
  },
  { flag: "--kills <count>", says: ofProfile("SIGKILLs of one worker"), integer: [0, 100_000] },
  {
    flag: "--kill-alls <count>",
    says: ofProfile("SIGKILLs of all workers at once"),
    integer: [0, 100_000],
  },
  {
    flag: "--retry-delay <ms>",
    says: ofProfile("constant delay before a failed step is retried"),
    integer: [1, 600_000],
  },
  {
    flag: "--key-ttl <ms>",
    says: "for how long the services behind the steps remember an idempotency key, as real ones do (default: for good)",
    integer: [1, 86_400_000],
  },
  {
    flag: "--overlap <percent>",
    says: "how many of a hundred kills fall into an outage or another worker's drain (default: 0, each comes when the others are over)",
    integer: [0, 100],
  },
  shrinkFlag,
];

/** What flags and profile ask for. @throws UsageError for faults that do not exist. Pure. */
export function chaosSettingsFrom(
  flags: Partial<ChaosFlags>,
  profile: ProfileName,
  leaseMs: number,
): ChaosSettings {
  const shape = shapes[profile];
  const usualArrivalsMs = (shape.arrivalsMs * leaseMs) / timing.leaseMs;
  const mix = flags.faults === undefined ? null : faultMixOf(flags.faults);
  const arrivalsMs =
    flags.arrivals === undefined
      ? Math.max(usualArrivalsMs, mix === null ? 0 : roomFor(mix, leaseMs))
      : flags.arrivals * 1000;
  return {
    sessions:
      flags.sessions ??
      (arrivalsMs > usualArrivalsMs && flags.arrivals === undefined
        ? Math.round((standard.sessions * arrivalsMs * timing.leaseMs) / (standard.arrivalsMs * leaseMs))
        : shape.sessions),
    arrivalsMs,
    workers: flags.workers ?? shape.workers,
    clients: flags.clients ?? shape.clients,
    faults: {
      ...(mix === null
        ? asManyAsFit(shape.faults, arrivalsMs / usualArrivalsMs)
        : faultCountsOf(mix, { arrivalsMs, leaseMs })),
      ...(flags.kills === undefined ? {} : { kill: flags.kills }),
      ...(flags.killAlls === undefined ? {} : { "kill-all": flags.killAlls }),
    },
    leaseMs,
    retryDelayMs: flags.retryDelay ?? shape.retryDelayMs,
    ...(flags.keyTtl === undefined ? {} : { keyTtlMs: flags.keyTtl }),
    ...(flags.overlap === undefined ? {} : { overlap: flags.overlap }),
    shrinkS: flags.shrink ?? usualShrinkS,
  };
}

/** How long arrivals have to last so that faults of each kind can show what they do, ms; no longer than at `standard`. */
function roomFor(mix: FaultMix, leaseMs: number): number {
  const longestMs = (standard.arrivalsMs * leaseMs) / timing.leaseMs;
  return Math.min(longestMs, Math.ceil(arrivalsFor(mix, ofEachKind, leaseMs)));
}

/** The faults of a profile, for arrivals that are so much shorter or longer than its own; at least one of each kind. Pure. */
function asManyAsFit(faults: FaultCounts, share: number): FaultCounts {
  return Object.fromEntries(
    Object.entries(faults).map(([kind, usual]) => [kind, Math.max(1, Math.round(usual * share))]),
  );
}

/** What a plan that was given asks for. Pure. */
export function chaosSettingsOf(plan: Plan, shrinkS: number): ChaosSettings {
  const { workers, clients, leaseMs, retryDelayMs, keyTtlMs } = plan;
  const kinds = Map.groupBy(plan.faults, ({ kind }) => kind);
  return {
    sessions: plan.sessions.length,
    arrivalsMs: null,
    faults: Object.fromEntries([...kinds].map(([kind, { length }]) => [kind, length])),
    workers,
    clients,
    leaseMs,
    retryDelayMs,
    ...(keyTtlMs === undefined ? {} : { keyTtlMs }),
    shrinkS,
  };
}
