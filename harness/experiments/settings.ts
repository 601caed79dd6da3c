/**
 * What the experiments of a run were told, as it is stored with the results. Files of versions that did not store it are
 * read all the same: what those versions did where no flag said otherwise is assumed, and said.
 */
import type { RunFacts } from "../report/run-facts.ts";
import { timing } from "../run/timing.ts";
import { type Experiment, profileNames } from "./experiment.ts";
import { experiments } from "./index.ts";

/** The experiments that a run consists of, in the order of a report. Pure. */
export function ranIn({ run }: RunFacts): readonly Experiment[] {
  return experiments.filter((experiment) =>
    run.settings === undefined
      ? wasIn(run.command, experiment)
      : Object.hasOwn(run.settings, experiment.name),
  );
}

function wasIn(command: string, { name, inCompare }: Experiment): boolean {
  if (command === "compare") return inCompare.includes("quick"); // all that there was then was in it at any profile
  return command === "replay" ? name === "chaos" : name === command;
}

/** What an experiment of a run was told; null where it did not run, or the file says what cannot be. Pure. */
export function settingsIn(facts: RunFacts, experiment: Experiment): unknown {
  const { settings, profile } = facts.run;
  if (settings !== undefined) return experiment.settings.safeParse(settings[experiment.name]).data ?? null;
  if (!ranIn(facts).includes(experiment)) return null;
  const known = profileNames.find((name) => name === profile) ?? "quick"; // a replay has none, and no experiment with sizes
  const flags = flagsIn(facts.run.arguments);
  return experiment.settingsFrom(flags, known, flags.lease ?? timing.leaseMs);
}

/** One line that says what had to be assumed of a run; null where all is stored. Pure. */
export function assumedOf({ run }: RunFacts): string | null {
  return run.settings === undefined
    ? `This run of ${run.startedAt} was written by a version that did not store its settings: lease and sizes are assumed to be those of the profile ${run.profile}, but for the flags that it was given.`
    : null;
}

/** The numbers among the words of a command line, by the names that the flags have for commander. */
function flagsIn(words: readonly string[]): Readonly<Record<string, number>> {
  const given = words.flatMap((word, index): readonly [string, number][] => {
    const [flag = "", written] = word.split("=", 2);
    const value = Number(written ?? words[index + 1]);
    if (!flag.startsWith("--") || !Number.isFinite(value)) return [];
    const name = flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return [[name, value]];
  });
  return Object.fromEntries(given);
}
