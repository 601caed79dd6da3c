/**
 * What every command that runs experiments has in common: it opens a run, shows what is found as soon as it is known,
 * writes the run's files, and says what the process exits with. Which experiments there are is not known here.
 */
import { join, relative, resolve } from "node:path";
import { withoutSecrets } from "../report/command-line.ts";
import { exitCodeOf } from "../report/decision.ts";
import { formats, formatsNamed, writeFormats } from "../report/formats/formats.ts";
import { renderMarkdown } from "../report/formats/markdown.ts";
import {
  renderConclusion,
  renderOverview,
  renderTerminal,
  styleFor,
  type TerminalStyle,
} from "../report/formats/terminal.ts";
import { seconds } from "../report/numbers.ts";
import type { Report } from "../report/report.ts";
import { type RunFacts, resultsSchemaVersion } from "../report/run-facts.ts";
import { appendStepSummary } from "../report/step-summary.ts";
import type { StoreOptions } from "../stores/kinds.ts";
import { anyFreePorts, portsFrom } from "../stores/ports.ts";
import type { Durability } from "../stores/store.ts";
import type { ChosenLease } from "./fitting-lease.ts";
import { endOnInterruption } from "./interruption.ts";
import { commit, type ImportedPackage, machine, versions } from "./machine.ts";
import { Run } from "./run.ts";
import type { Target } from "./target.ts";

/** What the flags of every run say. */
export interface RunOptions extends StoreOptions {
  /** Separated by commas; the usual ones where it is left out. */
  readonly targets?: string;
  /** Folder of an engine that no list knows. */
  readonly engine?: string;
  readonly durability: Durability;
  readonly port?: number;
  readonly results: string;
  readonly worldUrl?: string;
  readonly remoteWorkers?: number;
  /** How many targets play a plan at the same time; one per core, and two at least, where it is left out. */
  readonly atOnce?: number;
  /** Formats of the report, separated by commas; all where it is left out. */
  readonly format?: string;
}

export interface RunRequest {
  readonly command: string;
  readonly profile: string;
  /** Null where nothing is drawn. */
  readonly seed: number | null;
  /** Of a replay: the run, or the plan, that was named. */
  readonly planFrom?: string;
  /** Null where leases decide nothing. */
  readonly lease: ChosenLease | null;
  /** Of each experiment, by name: what it was told, as JSON. */
  readonly settings: NonNullable<RunFacts["run"]["settings"]>;
  readonly targets: readonly Target[];
  /** Asked for, and not to be had on this machine. */
  readonly unavailable: readonly { readonly name: string; readonly reason: string }[];
  /** The engines' packages, by the key that the version of each has in results. */
  readonly packages: Readonly<Record<string, ImportedPackage>>;
  readonly options: RunOptions;
}

/** Arrays of `results.json`, by their keys; what was not measured is absent. */
export type FoundRows = Readonly<Record<string, readonly unknown[]>>;

/** A part of a run that has the machine to itself: an experiment, a piece of one, or several that share it. */
export type Part = (run: Run) => Promise<FoundRows>;

/** What rows are made into. */
export interface ResultsForm<Results> {
  /** All rows that a run found; arrays that it did not fill are empty. */
  resultsOf(facts: RunFacts, rows: FoundRows): Results;
  reportOf(results: Results): Report;
  /** The page; the run's history is read from its folder. */
  pageOf(results: Results, runFolder: string): Promise<string>;
  /** @throws HarnessError when the results do not fit their schema. */
  write(path: string, results: Results): Promise<void>;
}

/** Of a run that was not played to its end: not everything was decided. Pure. */
function unfinished({ run, ...facts }: RunFacts): RunFacts {
  return { ...facts, run: { ...run, isUnfinished: true, exitCode: run.exitCode || 2 } };
}

/** Opens a run, lets its parts happen one after another, and writes and shows what they found. Resolves with the exit code. */
export async function runExperiments<Results>(
  request: RunRequest,
  parts: readonly Part[],
  form: ResultsForm<Results>,
): Promise<number> {
  const { profile, seed, lease, targets, unavailable, options } = request;
  const { durability, port, worldUrl, remoteWorkers, atOnce } = options;
  const wanted = options.format === undefined ? formats : formatsNamed(options.format);
  const ports = port === undefined ? anyFreePorts : portsFrom(port);
  const resultsFolder = resolve(options.results);
  const run = await Run.open({ seed, durability, ports, resultsFolder, worldUrl, remoteWorkers, atOnce });
  const isOver = endOnInterruption(run);
  try {
    const drawn = seed === null ? "" : `Seed ${seed}, `;
    if (lease !== null) console.log(`Lease ${seconds(lease.leaseMs)}: ${lease.reason}.`);
    console.log(`${drawn}profile ${profile}, files in ${run.folder}`);
    for (const { name, reason } of unavailable) console.log(`${name} is unavailable: ${reason}`);
    const resultsFile = join(run.folder, "results.json");
    let found: FoundRows = {};
    const facts = await factsOf(request, run, 0);
    for (const part of targets.length === 0 ? [] : parts) {
      const more = await run.orFailure(part(run));
      found = joined(found, more);
      if (parts.length === 1) continue;
      const overview = form.reportOf(form.resultsOf(facts, more));
      console.log(`${renderOverview(overview, style())}\n`);
      // Whatever ends the run from now on leaves this, and the end replaces it.
      const before = await withExitCode(form, found, async (exitCode) =>
        unfinished(await factsOf(request, run, exitCode)),
      );
      await form.write(resultsFile, before);
    }
    const results = await withExitCode(form, found, (exitCode) => factsOf(request, run, exitCode));
    const report = form.reportOf(results);
    await form.write(resultsFile, results);
    await writeFormats(wanted, { report, page: () => form.pageOf(results, run.folder) }, run.folder);
    run.publish();
    const stepSummary = process.env.GITHUB_STEP_SUMMARY ?? "";
    if (stepSummary !== "") await appendStepSummary(stepSummary, renderMarkdown(report));
    console.log(parts.length > 1 ? renderConclusion(report, style()) : renderTerminal(report, style()));
    return report.facts.run.exitCode;
  } finally {
    isOver();
    await run.close();
  }
}

/** The results with the exit code that follows from them. */
export async function withExitCode<Results>(
  form: ResultsForm<Results>,
  rows: FoundRows,
  factsFor: (exitCode: number) => RunFacts | Promise<RunFacts>,
): Promise<Results> {
  const draft = form.reportOf(form.resultsOf(await factsFor(0), rows));
  return form.resultsOf(await factsFor(exitCodeOf(draft)), rows);
}

/** What two parts found; rows of one kind stand one after another. */
export function joined(found: FoundRows, more: FoundRows): FoundRows {
  const keys = new Set([...Object.keys(found), ...Object.keys(more)]);
  return Object.fromEntries([...keys].map((key) => [key, [...(found[key] ?? []), ...(more[key] ?? [])]]));
}

/** Colour as this terminal bears it. */
export function style(): TerminalStyle {
  return styleFor(process.stdout, process.env);
}

async function factsOf(request: RunRequest, run: Run, exitCode: number): Promise<RunFacts> {
  const { command, profile, seed, lease, settings, targets, unavailable } = request;
  const stores = targets.map(({ name }) => [`store of ${name}`, run.storeVersions.get(name) ?? null]);
  return {
    schemaVersion: resultsSchemaVersion,
    run: {
      command,
      arguments: argumentsOf(request, run),
      profile,
      seed,
      leaseMs: lease?.leaseMs ?? null,
      leaseReason: lease?.reason ?? null,
      settings,
      startedAt: run.startedAt.toISOString(),
      wallMs: Date.now() - run.startedAt.getTime(),
      exitCode,
      commit: await commit(),
      historyEntries: run.history.count,
    },
    machine: machine(),
    versions: { ...versions(request.packages), ...Object.fromEntries(stores) },
    targets: [
      ...targets.map(({ name }) => ({ name, status: "ran", reason: null }) as const),
      ...unavailable.map((each) => ({ ...each, status: "unavailable" }) as const),
    ],
  };
}

/** What makes the same run again: the words that were given, with the seed and the lease that were chosen; of a replay, its own plan. */
function argumentsOf({ planFrom, seed, lease }: RunRequest, run: Run): readonly string[] {
  const given = withoutSecrets(process.argv.slice(3));
  if (planFrom !== undefined)
    return given.map((word) => (word === planFrom ? relative(process.cwd(), run.folder) : word));
  const unlessGiven = (flag: string, value: number | undefined) =>
    value === undefined || given.some((word) => word.split("=")[0] === flag) ? [] : [flag, String(value)];
  return [...unlessGiven("--seed", seed ?? undefined), ...unlessGiven("--lease", lease?.leaseMs), ...given];
}
