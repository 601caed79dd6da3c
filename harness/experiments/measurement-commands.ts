/** The commands that measure what each side costs: flags over the sizes of a profile. */
import { lineUp } from "../targets.ts";
import { conduct, type RunOptions } from "./conduct.ts";
import { cost } from "./cost.ts";
import { allCasesOf, idleScale } from "./idle-scale.ts";
import { load } from "./load/load.ts";
import { type ProfileName, profiles } from "./profiles.ts";

interface SizedOptions extends RunOptions {
  readonly profile: ProfileName;
}

interface LoadOptions extends SizedOptions {
  readonly workers?: readonly number[];
  readonly clients?: readonly number[];
  readonly rounds?: number;
  /** In ms. */
  readonly roundTime?: number;
}

interface IdleScaleOptions extends SizedOptions {
  readonly sleepers?: readonly number[];
}

interface CostOptions extends SizedOptions {
  readonly activities?: readonly number[];
  readonly sessions?: number;
}

/** `load`. Resolves with the exit code. */
export async function runLoad(options: LoadOptions): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  const { profile } = options;
  const shape = profiles[profile].load;
  const { workers = shape.workers, clients = shape.clients, rounds = shape.rounds } = options;
  const asked = { ...shape, workers, clients, rounds, roundMs: options.roundTime ?? shape.roundMs };
  return conduct({ command: "load", profile, seed: null, targets, unavailable, options }, [
    load(targets, asked),
  ]);
}

/** `idle-scale`. Resolves with the exit code. */
export async function runIdleScale(options: IdleScaleOptions): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  const { profile } = options;
  const shape = profiles[profile].idleScale;
  const asked = options.sleepers === undefined ? shape : { ...shape, cases: allCasesOf(options.sleepers) };
  return conduct({ command: "idle-scale", profile, seed: null, targets, unavailable, options }, [
    idleScale(targets, asked),
  ]);
}

/** `cost`. Resolves with the exit code. */
export async function runCost(options: CostOptions): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  const { profile } = options;
  const shape = profiles[profile].cost;
  const { activities = shape.activities, sessions = shape.sessions } = options;
  return conduct({ command: "cost", profile, seed: null, targets, unavailable, options }, [
    cost(targets, { activities, sessions }),
  ]);
}
