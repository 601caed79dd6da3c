/**
 * The commands from the outside: each turns flags into a plan or a file, runs its experiments, shows what was
 * found as soon as it is known, writes the run's files, and says what the process exits with.
 */
import { randomInt } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { drawPlan } from "../faults/draw-plan.ts";
import { faultCountsOf, faultMixOf } from "../faults/fault-mix.ts";
import { type Plan, planSchema } from "../faults/plan-schema.ts";
import { codeSizeFilesTable, codeSizeTable } from "../report/code-size-tables.ts";
import { exitCodeOf } from "../report/exit-code.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { readResults, writeResults } from "../report/results-file.ts";
import { type Results, resultsSchemaVersion } from "../report/results-schema.ts";
import { renderTable, renderTerminal, styleFor, type TerminalStyle } from "../report/terminal.ts";
import { anyFreePorts, portsFrom } from "../stores/ports.ts";
import type { Durability } from "../stores/store.ts";
import { refuseFaultsNotTaken, type Target, targetsNamed } from "../targets.ts";
import { chaos } from "./chaos.ts";
import { codeSize } from "./code-size.ts";
import { crashMatrix } from "./crash-matrix.ts";
import { crashPointsNamed } from "./crash-points.ts";
import { commit, machine, versions } from "./machine.ts";
import { crashMatrixTiming, type ProfileName, profiles } from "./profiles.ts";
import { withCaseCounts, withProgress } from "./progress.ts";
import { Run } from "./run.ts";

interface RunOptions {
  readonly targets: string;
  readonly durability: Durability;
  readonly port?: number;
  readonly results: string;
}

interface ComparisonOptions extends RunOptions {
  readonly seed?: number;
  readonly profile: ProfileName;
  readonly sessions?: number;
  /** In seconds. */
  readonly arrivals?: number;
  readonly workers?: number;
  readonly clients?: number;
  /** Kinds of fault with their weights. */
  readonly faults?: string;
  readonly kills?: number;
  readonly killAlls?: number;
  readonly lease?: number;
  readonly retryDelay?: number;
}

interface CrashMatrixOptions extends RunOptions {
  readonly depth: number;
  readonly only?: string;
}

/** `compare` and `chaos`. Resolves with the exit code. */
export async function runComparison(
  command: "compare" | "chaos",
  options: ComparisonOptions,
): Promise<number> {
  const targets = targetsNamed(options.targets);
  const shape = profiles[options.profile].chaos;
  const arrivalsMs = options.arrivals === undefined ? shape.arrivalsMs : options.arrivals * 1000;
  const leaseMs = options.lease ?? shape.leaseMs;
  const plan = drawPlan(options.seed ?? randomInt(2 ** 31), {
    sessions: options.sessions ?? shape.sessions,
    arrivalsMs,
    workers: options.workers ?? shape.workers,
    clients: options.clients ?? shape.clients,
    faults: {
      ...(options.faults === undefined
        ? shape.faults
        : faultCountsOf(faultMixOf(options.faults), { arrivalsMs, leaseMs })),
      ...(options.kills === undefined ? {} : { kill: options.kills }),
      ...(options.killAlls === undefined ? {} : { "kill-all": options.killAlls }),
    },
    leaseMs,
    retryDelayMs: options.retryDelay ?? shape.retryDelayMs,
  });
  return runPlan({ command, profile: options.profile, targets, options }, plan);
}

/** `replay`: the plan of an earlier run, on whatever targets. Resolves with the exit code. */
export async function runReplay(run: string, options: RunOptions): Promise<number> {
  const targets = targetsNamed(options.targets);
  return runPlan({ command: "replay", profile: "replay", targets, options }, readPlan(run));
}

/** `report`: shows a results file again. Resolves with the exit code that the run had. */
export async function runReport(file: string): Promise<number> {
  const path = existsSync(file) && statSync(file).isDirectory() ? join(file, "results.json") : file;
  const results = await readResults(path);
  console.log(renderTerminal(results, style()));
  return results.run.exitCode;
}

/** `code-size`: counts and shows. Resolves with the exit code. */
export async function runCodeSize(): Promise<number> {
  const rows = { codeSize: await codeSize() };
  for (const table of [codeSizeTable(rows), codeSizeFilesTable(rows)])
    console.log(`${renderTable(table, style())}\n`);
  return 0;
}

/** `crash-matrix`. Resolves with the exit code. */
export async function runCrashMatrix(options: CrashMatrixOptions): Promise<number> {
  const targets = targetsNamed(options.targets);
  const settings = { ...crashMatrixTiming, points: crashPointsNamed(options.only), depth: options.depth };
  const seed = 0; // nothing is drawn: the list of points is exhaustive
  return conduct({ command: "crash-matrix", profile: "quick", seed, targets, options }, async (run) => {
    const matrices = await withCaseCounts(targets, (target, onCase) =>
      crashMatrix(run, target, settings, onCase),
    );
    return {
      crashMatrix: matrices.flatMap(({ rows }) => rows),
      storeVersions: matrices.map(({ storeVersion }) => storeVersion),
    };
  });
}

interface Conducted {
  readonly command: string;
  readonly profile: string;
  readonly seed: number;
  readonly targets: readonly Target[];
  readonly options: RunOptions;
}

/** What the experiments of a run found; what none of them measured stays empty. */
interface Found extends Partial<Results> {
  /** Of each target, in order. */
  readonly storeVersions: readonly string[];
}

function runPlan(conducted: Omit<Conducted, "seed">, plan: Plan): Promise<number> {
  const { command, targets } = conducted;
  refuseFaultsNotTaken(targets, plan.faults);
  return conduct({ ...conducted, seed: plan.seed }, async (run) => {
    writeFileSync(join(run.folder, "plan.json"), `${JSON.stringify(planSchema.parse(plan), null, 1)}\n`);
    const rows = await withProgress(plan, targets, (target, index, watch) =>
      chaos(run, plan, target, index, watch),
    );
    return {
      storeVersions: rows.map(({ storeVersion }) => storeVersion),
      verdicts: rows.flatMap(({ verdicts }) => verdicts),
      faults: rows.flatMap(({ faults }) => faults),
      recovery: rows.flatMap(({ recovery }) => recovery),
      codeSize: command === "compare" ? await codeSize() : [],
    };
  });
}

/** Opens a run, lets its experiments happen, and writes and shows what they found. Resolves with the exit code. */
async function conduct(conducted: Conducted, experiments: (run: Run) => Promise<Found>): Promise<number> {
  const { command, profile, seed, targets, options } = conducted;
  const { durability, port } = options;
  const ports = port === undefined ? anyFreePorts : portsFrom(port);
  const run = await Run.open({ seed, durability, ports, resultsFolder: resolve(options.results) });
  const interrupted = () => {
    console.error(`Interrupted. What was seen so far is in ${run.folder}`);
    void run.reaper.stop().then(() => process.exit(130));
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    console.log(`Seed ${seed}, profile ${profile}, files in ${run.folder}`);
    const { storeVersions, ...found } = await Promise.race([experiments(run), run.reaper.failed]);
    const stores = targets.map(({ name }, index) => [`store of ${name}`, storeVersions[index] ?? null]);
    const figures: Omit<Results, "run"> = {
      schemaVersion: resultsSchemaVersion,
      machine: machine(),
      versions: { ...versions(), ...Object.fromEntries(stores) },
      targets: targets.map(({ name }) => ({ name, status: "ran", reason: null })),
      ...{ verdicts: [], faults: [], recovery: [], crashMatrix: [], claims: [], codeSize: [] },
      ...{ load: [], idleScale: [], cost: [], selftest: [] },
      ...found,
    };
    const results: Results = {
      ...figures,
      run: {
        command,
        arguments: argumentsOf(command, seed, run),
        profile,
        seed,
        startedAt: run.startedAt.toISOString(),
        wallMs: Date.now() - run.startedAt.getTime(),
        exitCode: exitCodeOf(command, figures),
        commit: await commit(),
      },
    };
    await writeResults(join(run.folder, "results.json"), results);
    writeFileSync(join(run.folder, "report.md"), renderMarkdown(results));
    run.publish();
    console.log(renderTerminal(results, style()));
    return results.run.exitCode;
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
    await run.close();
  }
}

/** What makes the same run again: the words that were given, with the seed that was drawn; of a replay, its own plan. */
function argumentsOf(command: string, seed: number, run: Run): readonly string[] {
  if (command === "replay") return [relative(process.cwd(), run.folder)];
  const given = process.argv.slice(3);
  const drawn = command !== "crash-matrix" && !given.some((word) => word.startsWith("--seed"));
  return drawn ? ["--seed", String(seed), ...given] : given;
}

/** @throws UsageError when there is no plan, or it is not one. */
function readPlan(run: string): Plan {
  const path = existsSync(run) && statSync(run).isDirectory() ? join(run, "plan.json") : run;
  if (!existsSync(path))
    throw new UsageError(`${path} does not exist.`, "Name the folder of a run, such as results/latest.");
  const parsed = planSchema.safeParse(parseJson(path));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const why = issue === undefined ? "" : ` (${[...issue.path.slice(0, 3), issue.message].join(": ")})`;
    throw new UsageError(
      `${path} is not a plan of this version${why}.`,
      "Replay it with the commit that drew it.",
    );
  }
  return parsed.data;
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`${path} is damaged: it is not JSON.`, "Name the plan.json of another run.", {
      cause: error,
    });
  }
}

function style(): TerminalStyle {
  return styleFor(process.stdout, process.env);
}
