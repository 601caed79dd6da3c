/** The sizes in which experiments run. A profile is a set of defaults; every one of them has a flag. */
import type { PlanShape } from "../plan/draw-plan.ts";
import type { CostShape } from "./cost/cost.ts";
import type { IdleScaleShape } from "./idle-scale/idle-scale.ts";
import type { LoadShape } from "./load/load.ts";

export interface Profile {
  readonly chaos: PlanShape;
  /** How often a session dies at each point of the crash matrix. */
  readonly crashMatrixDepth: number;
  readonly load: LoadShape;
  readonly idleScale: IdleScaleShape;
  readonly cost: CostShape;
}

/** Fairness rule 3: the same lease and the same retry policy on every target. */
const timing = { leaseMs: 1000, retryDelayMs: 200 };

/** Without faults nobody waits for a lease: this one is so long that its renewal has no part in what is measured. */
export const unhurried = { ...timing, leaseMs: 10_000 };

export const profiles = {
  /** What a newcomer waits for: a table within two minutes on two cores. */
  quick: {
    chaos: {
      sessions: 768, // a third of them naive: 256. More come too fast for two cores in a slow hour
      arrivalsMs: 78_000,
      workers: 2,
      clients: 2,
      faults: { kill: 35, "kill-all": 3 },
      ...timing,
    },
    crashMatrixDepth: 1,
    load: { workers: [2], clients: [1, 32], rounds: 5, roundMs: 400, warmUpMs: 1200, extras: false },
    idleScale: { cases: [{ sleepers: 300, due: "spread over 10 s" }], together: true },
    cost: { activities: [1, 20], sessions: 30 },
  },
  /** What is published. */
  standard: {
    chaos: {
      sessions: 2000, // five a second: with every kind of fault among them, two cores need the time to catch up
      arrivalsMs: 400_000,
      workers: 2,
      clients: 2,
      faults: { kill: 200, "kill-all": 24 },
      ...timing,
    },
    crashMatrixDepth: 3,
    load: {
      workers: [1, 2, 4],
      clients: [1, 16, 64, 256],
      rounds: 5,
      roundMs: 600,
      warmUpMs: 3000,
      extras: true,
    },
    idleScale: {
      cases: [
        { sleepers: 1000, due: "spread over 10 s" },
        { sleepers: 1000, due: "all at once" },
        { sleepers: 2000, due: "spread over 10 s" },
        { sleepers: 10_000, due: "spread over 10 s" },
      ],
      together: false,
    },
    cost: { activities: [1, 5, 20, 100], sessions: 100 },
  },
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

/** Each of the runs of `recovery`, which has one kind of fault in it. */
export const recoveryShape = { sessions: 240, arrivalsMs: 24_000, workers: 2, clients: 2, ...timing };

/** Crash matrix and claims. Most of a case is waiting for a lease, so several of each of two targets fit onto two cores side by side; of more targets, fewer. */
export const caseTiming = { ...timing, lanes: 6 };
