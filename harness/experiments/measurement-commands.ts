/** The commands that measure what each side costs: flags over the sizes of a profile. */

import { conduct, type Experiment, type RunOptions } from "../run/run-experiments.ts";
import { lineUp, type Target } from "../targets/targets.ts";
import { cost } from "./cost/cost.ts";
import { allCasesOf, idleScale } from "./idle-scale/idle-scale.ts";
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
export function runLoad(options: LoadOptions): Promise<number> {
  const shape = profiles[options.profile].load;
  const { workers = shape.workers, clients = shape.clients, rounds = shape.rounds } = options;
  const asked = { ...shape, workers, clients, rounds, roundMs: options.roundTime ?? shape.roundMs };
  return measure("load", options, (targets) => load(targets, asked));
}

/** `idle-scale`. Resolves with the exit code. */
export function runIdleScale(options: IdleScaleOptions): Promise<number> {
  const shape = profiles[options.profile].idleScale;
  const asked = options.sleepers === undefined ? shape : { ...shape, cases: allCasesOf(options.sleepers) };
  return measure("idle-scale", options, (targets) => idleScale(targets, asked));
}

/** `cost`. Resolves with the exit code. */
export function runCost(options: CostOptions): Promise<number> {
  const shape = profiles[options.profile].cost;
  const { activities = shape.activities, sessions = shape.sessions } = options;
  return measure("cost", options, (targets) => cost(targets, { activities, sessions }));
}

/** Nothing is drawn for a measurement, and nothing runs beside it. */
async function measure(
  command: string,
  options: SizedOptions,
  experimentOn: (targets: readonly Target[]) => Experiment,
): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  const { profile } = options;
  return conduct({ command, profile, seed: null, targets, unavailable, options }, [experimentOn(targets)]);
}
