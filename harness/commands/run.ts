/** What commands that run experiments do with their flags: who plays, what is drawn, what each is told. */

import { randomInt } from "node:crypto";
import { whyNotInstalled } from "../engines/packages.ts";
import type { Experiment, ProfileName } from "../experiments/experiment.ts";
import { pageOf } from "../experiments/page-of.ts";
import { type Chosen, judgePlan, partsOf } from "../experiments/parts.ts";
import { reportOf } from "../experiments/report-of.ts";
import { type Results, resultsOf, writeResults } from "../experiments/results.ts";
import type { RunFacts } from "../report/run-facts.ts";
import { type ChosenLease, leaseFor, observeScheduling } from "../run/fitting-lease.ts";
import type { ImportedPackage } from "../run/machine.ts";
import { type ResultsForm, type RunOptions, runExperiments } from "../run/run-experiments.ts";
import { timing } from "../run/timing.ts";
import { booksOf, knownEngines, resolveTargets } from "../targets/targets.ts";

/** Rows as results, and results as a report and a page. */
export const resultsForm: ResultsForm<Results> = { resultsOf, reportOf, pageOf, write: writeResults };

/** What commander makes of the command line. */
export interface CommandFlags extends RunOptions {
  readonly profile?: ProfileName;
  readonly seed?: number;
  readonly lease?: number;
}

/** Sizes of a run whose command has no `--profile`. */
export const usualProfile: ProfileName = "quick";

/** Runs the experiments that a command consists of, each told what `flagsOf` says. Resolves with the exit code. */
export async function runChosen(
  command: string,
  wanted: readonly Experiment[],
  flags: CommandFlags,
  flagsOf: (experiment: Experiment) => object,
): Promise<number> {
  const isKept = wanted.some(({ shared }) => shared.targets && shared.durability); // it says what the targets' stores keep
  const options: RunOptions = { ...flags, durability: flags.durability ?? "process" };
  const { targets, unavailable } = await resolveTargets(flags.targets, {
    ...options,
    durability: isKept ? options.durability : undefined,
  });
  const profile = flags.profile ?? usualProfile;
  const playsBooks = wanted.some(({ shared }) => shared.byTheBook?.includes(profile));
  const books = playsBooks ? booksOf(targets, options) : [];
  const lease = wanted.some(({ shared }) => shared.lease) ? await leaseOf(flags) : null;
  const leaseMs = lease?.leaseMs ?? timing.leaseMs;
  const chosen = wanted.map((experiment) => ({
    experiment,
    settings: experiment.settingsFrom(flagsOf(experiment), profile, leaseMs), // once the engine is loaded: it may bring claims
  }));
  for (const { experiment, settings } of chosen) experiment.refuse?.(targets, settings, options);
  const isDrawn = wanted.some(({ shared }) => shared.draws !== undefined);
  const seed = isDrawn ? (flags.seed ?? randomInt(2 ** 31)) : null;
  return runExperiments(
    {
      command,
      profile,
      seed,
      lease,
      settings: settingsByName(chosen),
      targets: [...targets, ...books],
      unavailable,
      packages: packagesOfEngines(),
      options,
    },
    partsOf(chosen, { targets, books, profile, seed, judgePlan }),
    resultsForm,
  );
}

/** The lease that was asked for, or the one that fits the machine as it is now. */
export async function leaseOf({ lease: leaseMs }: Pick<CommandFlags, "lease">): Promise<ChosenLease> {
  return leaseMs === undefined ? leaseFor(await observeScheduling()) : { leaseMs, reason: "--lease says so" };
}

/** As they are stored with the results. */
export function settingsByName(chosen: readonly Chosen[]): NonNullable<RunFacts["run"]["settings"]> {
  const named = chosen.map(({ experiment, settings }) => [experiment.name, settings]);
  return JSON.parse(JSON.stringify(Object.fromEntries(named)));
}

/** The packages whose versions a report names, by the key that each has in results, of every engine that is installed. */
export function packagesOfEngines(): Readonly<Record<string, ImportedPackage>> {
  const installed = knownEngines().filter(({ folder }) => whyNotInstalled(folder) === null);
  const imported = installed.flatMap(({ folder: from, versions }) =>
    Object.entries(versions).map(([key, name]): [string, ImportedPackage] => [key, { name, from }]),
  );
  return Object.fromEntries(imported);
}
