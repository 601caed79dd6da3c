/** The sizes in which experiments run. A profile is a set of defaults; every one of them has a flag. */
import type { PlanShape } from "../faults/draw-plan.ts";

export interface Profile {
  readonly chaos: PlanShape;
  /** How often a session dies at each point of the crash matrix. */
  readonly crashMatrixDepth: number;
}

/** Fairness rule 3: the same lease and the same retry policy on every target. */
const timing = { leaseMs: 1000, retryDelayMs: 200 };

export const profiles = {
  /** What a newcomer waits for: a table within two minutes on two cores. */
  quick: {
    chaos: {
      sessions: 900,
      arrivalsMs: 78_000,
      workers: 2,
      clients: 2,
      faults: { kill: 35, "kill-all": 3 },
      ...timing,
    },
    crashMatrixDepth: 1,
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
  },
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

/** Each of the runs of `recovery`, which has one kind of fault in it. */
export const recoveryShape = { sessions: 240, arrivalsMs: 24_000, workers: 2, clients: 2, ...timing };

/** Crash matrix and claims. Most of a case is waiting for a lease, so several of each of two targets fit onto two cores side by side; of more targets, fewer. */
export const caseTiming = { ...timing, lanes: 6 };
