/**
 * What every command that runs experiments has in common: it opens a run, shows what is found as soon as it is known,
 * writes the run's files, and says what the process exits with.
 */
import { join, relative, resolve } from "node:path";
import { withoutSecrets } from "../report/command-line.ts";
import { exitCodeOf } from "../report/exit-code.ts";
import { formats, formatsNamed, writeFormats } from "../report/formats/formats.ts";
import { renderMarkdown } from "../report/formats/markdown.ts";
import {
  renderConclusion,
  renderOverview,
  renderTerminal,
  styleFor,
  type TerminalStyle,
} from "../report/formats/terminal.ts";
import { writeResults } from "../report/results-file.ts";
import { type Results, resultsSchemaVersion } from "../report/results-schema.ts";
import { appendStepSummary } from "../report/step-summary.ts";
import type { StoreOptions } from "../stores/kinds.ts";
import { anyFreePorts, portsFrom } from "../stores/ports.ts";
import type { Durability } from "../stores/store.ts";
import type { LineUp, Target } from "../targets/targets.ts";
import { endOnInterruption } from "./interruption.ts";
import { commit, machine, versions } from "./machine.ts";
import { Run } from "./run.ts";

export interface RunOptions extends StoreOptions {
  readonly targets: string;
  readonly durability: Durability;
  readonly port?: number;
  readonly results: string;
  readonly worldUrl?: string;
  readonly workersElsewhere?: number;
  /** How many targets play a plan at the same time; one per core, and two at least, where it is left out. */
  readonly atOnce?: number;
  /** Formats of the report, separated by commas; all where it is left out. */
  readonly format?: string;
}

export interface Conducted {
  readonly command: string;
  readonly profile: string;
  /** Null where nothing is drawn. */
  readonly seed: number | null;
  readonly targets: readonly Target[];
  /** Asked for, and not to be had on this machine. */
  readonly unavailable?: LineUp["unavailable"];
  readonly options: RunOptions;
}

/** What an experiment found; what it did not measure is absent. */
export interface Found extends Partial<Results> {
  /** Of each target, in order; absent where no store was started. */
  readonly storeVersions?: readonly string[];
}

/** One experiment, or several that share the machine. */
export type Experiment = (run: Run) => Promise<Found>;

/** Opens a run, lets its experiments happen one after another, and writes and shows what they found. Resolves with the exit code. */
export async function conduct(conducted: Conducted, experiments: readonly Experiment[]): Promise<number> {
  const { profile, seed, targets, unavailable = [], options } = conducted;
  const { durability, port, worldUrl, workersElsewhere, atOnce } = options;
  const wanted = options.format === undefined ? formats : formatsNamed(options.format);
  const ports = port === undefined ? anyFreePorts : portsFrom(port);
  const resultsFolder = resolve(options.results);
  const run = await Run.open({ seed, durability, ports, resultsFolder, worldUrl, workersElsewhere, atOnce });
  const isOver = endOnInterruption(run);
  try {
    const drawn = seed === null ? "" : `Seed ${seed}, `;
    console.log(`${drawn}profile ${profile}, files in ${run.folder}`);
    for (const { name, reason } of unavailable) console.log(`${name} is unavailable: ${reason}`);
    let found: Found = {};
    for (const experiment of targets.length === 0 ? [] : experiments) {
      const more = await Promise.race([experiment(run), run.reaper.failed]);
      found = joined(found, more);
      if (experiments.length > 1) console.log(`${renderOverview(more, style())}\n`);
    }
    const results = await resultsOf(conducted, run, found);
    await writeResults(join(run.folder, "results.json"), results);
    await writeFormats(wanted, results, run.folder);
    run.publish();
    const stepSummary = process.env.GITHUB_STEP_SUMMARY ?? "";
    if (stepSummary !== "") await appendStepSummary(stepSummary, renderMarkdown(results));
    console.log(
      experiments.length > 1 ? renderConclusion(results, style()) : renderTerminal(results, style()),
    );
    return results.run.exitCode;
  } finally {
    isOver();
    await run.close();
  }
}

/** What two experiments found; rows of the selftest, which has several, stand one after another. */
function joined(found: Found, more: Found): Found {
  return {
    ...found,
    ...more,
    selftest: [...(found.selftest ?? []), ...(more.selftest ?? [])],
    falseAlarms: [...(found.falseAlarms ?? []), ...(more.falseAlarms ?? [])],
  };
}

/** Colour as this terminal bears it. */
export function style(): TerminalStyle {
  return styleFor(process.stdout, process.env);
}

async function resultsOf(conducted: Conducted, run: Run, found: Found): Promise<Results> {
  const { command, profile, seed, targets, unavailable = [] } = conducted;
  const { storeVersions = [], ...rows } = found;
  const stores = targets.map(({ name }, index) => [`store of ${name}`, storeVersions[index] ?? null]);
  const figures: Omit<Results, "run"> = {
    schemaVersion: resultsSchemaVersion,
    machine: machine(),
    versions: { ...versions(), ...Object.fromEntries(stores) },
    targets: [
      ...targets.map(({ name }) => ({ name, status: "ran", reason: null }) as const),
      ...unavailable.map((each) => ({ ...each, status: "unavailable" }) as const),
    ],
    ...{ verdicts: [], faults: [], smallestPlans: [], recovery: [], crashMatrix: [], claims: [] },
    ...{ durability: [], codeSize: [] },
    ...{ footprint: [], load: [], loadRatios: [], idleScale: [], cost: [], selftest: [], falseAlarms: [] },
    ...rows,
  };
  return {
    ...figures,
    run: {
      command,
      arguments: argumentsOf(conducted, run),
      profile,
      seed,
      startedAt: run.startedAt.toISOString(),
      wallMs: Date.now() - run.startedAt.getTime(),
      exitCode: exitCodeOf(command, figures),
      commit: await commit(),
    },
  };
}

/** What makes the same run again: the words that were given, with the seed that was drawn; of a replay, its own plan. */
function argumentsOf({ command, seed }: Conducted, run: Run): readonly string[] {
  if (command === "replay") return [relative(process.cwd(), run.folder)];
  const given = withoutSecrets(process.argv.slice(3));
  const isToAdd = seed !== null && !given.some((word) => word.startsWith("--seed"));
  return isToAdd ? ["--seed", String(seed), ...given] : given;
}
