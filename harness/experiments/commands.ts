/** The commands from the outside: each turns flags into a plan, cases or a file, and names the experiments to conduct. */
import { randomInt } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.ts";
import { drawPlan } from "../faults/draw-plan.ts";
import { faultCountsOf, faultMixOf } from "../faults/fault-mix.ts";
import { type Plan, planSchema } from "../faults/plan-schema.ts";
import { agreementOf } from "../report/agreement.ts";
import { codeSizeFilesTable, codeSizeTable } from "../report/code-size-tables.ts";
import { printable } from "../report/printable.ts";
import { readResults } from "../report/results-file.ts";
import { renderTable } from "../report/terminal.ts";
import { lineUp, refuseFaultsNotTaken, type Target, targets } from "../targets.ts";
import { playCases } from "./cases.ts";
import { chaos } from "./chaos.ts";
import { checkerSpeed } from "./checker-speed.ts";
import { declaredOn } from "./claims/claim.ts";
import { claimsNamed } from "./claims/claims.ts";
import { codeSize } from "./code-size.ts";
import { type Conducted, conduct, type Found, type RunOptions, style } from "./conduct.ts";
import { cost } from "./cost.ts";
import { crashPointsNamed } from "./crash-points.ts";
import { durability } from "./durability.ts";
import { footprint } from "./footprint.ts";
import { allCasesOf, idleScale } from "./idle-scale.ts";
import { load } from "./load/load.ts";
import { type ProfileName, profiles } from "./profiles.ts";
import { withProgress } from "./progress.ts";
import { recovery } from "./recovery.ts";
import type { Run } from "./run.ts";
import { selftestExperiments } from "./selftest-command.ts";
import { smallestPlans } from "./smallest-plan.ts";

interface PlanOptions extends RunOptions {
  /** How long to look for a smaller plan that fails too, s. */
  readonly shrink: number;
}

interface ComparisonOptions extends PlanOptions {
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

interface ClaimsOptions extends RunOptions {
  readonly claim?: readonly string[];
}

interface RecoveryOptions extends RunOptions {
  readonly seed?: number;
}

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

interface CrashMatrixOptions extends RunOptions {
  readonly depth: number;
  readonly only?: readonly string[];
}

interface SelftestOptions extends Omit<RunOptions, "targets"> {
  readonly variant?: string;
  readonly runs: number;
  readonly samples?: number;
  readonly seed?: number;
  readonly checkers?: true;
}

/** `compare`: all experiments at the size of a profile. Resolves with the exit code. */
export async function runCompare(options: ComparisonOptions): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  const plan = planOf(options);
  const depth = profiles[options.profile].crashMatrixDepth;
  const cases = { points: crashPointsNamed(), depth, claims: claimsNamed() };
  return conduct(
    { command: "compare", profile: options.profile, seed: plan.seed, targets, unavailable, options },
    [
      (run) => playChaos(run, targets, plan, options.shrink),
      (run) => playCases(run, targets, cases),
      load(targets, profiles[options.profile].load),
      idleScale(targets, profiles[options.profile].idleScale),
      cost(targets, profiles[options.profile].cost),
      async () => ({ codeSize: await codeSize(), footprint: footprint() }),
    ],
  );
}

/** `chaos`. Resolves with the exit code. */
export async function runChaos(options: ComparisonOptions): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  return runPlan(
    { command: "chaos", profile: options.profile, targets, unavailable, options },
    planOf(options),
  );
}

function planOf(options: ComparisonOptions): Plan {
  const shape = profiles[options.profile].chaos;
  const arrivalsMs = options.arrivals === undefined ? shape.arrivalsMs : options.arrivals * 1000;
  const leaseMs = options.lease ?? shape.leaseMs;
  return drawPlan(options.seed ?? randomInt(2 ** 31), {
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
}

/** `replay`: the plan of an earlier run, on whatever targets, and whether its verdicts are what they were. Resolves with the exit code. */
export async function runReplay(run: string, options: PlanOptions): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  const plan = readPlan(run);
  const earlierFile = join(
    existsSync(run) && statSync(run).isDirectory() ? run : dirname(run),
    "results.json",
  );
  const earlier = await readResults(earlierFile).catch(() => null); // now: `latest` will be another run
  const exitCode = await runPlan(
    { command: "replay", profile: "replay", targets, unavailable, options },
    plan,
  );
  const again = await readResults(join(options.results, "latest", "results.json"));
  const compared =
    earlier === null
      ? ["No results of this version stand beside the plan to compare with."]
      : agreementOf(earlier, again);
  console.log(`\nAgainst the run that was replayed\n${compared.map(printable).join("\n")}`);
  return exitCode;
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
  const { targets, unavailable } = await lineUp(options.targets, options);
  const points = crashPointsNamed(options.only);
  const cases = { points, depth: options.depth, claims: [] };
  return conduct({ command: "crash-matrix", profile: "quick", seed: null, targets, unavailable, options }, [
    (run) => playCases(run, targets, cases),
  ]);
}

/** `claims`. Resolves with the exit code. */
export async function runClaims(options: ClaimsOptions): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  const claims = claimsNamed(options.claim);
  const unconcerned = targets.find((target) =>
    claims.every((claim) => declaredOn(claim, target) === undefined),
  );
  if (unconcerned !== undefined) {
    const ids = claims.map(({ id }) => id).join(", ");
    throw new UsageError(
      `${unconcerned.name} is not concerned by ${ids}.`,
      "Leave that target out with --targets.",
    );
  }
  const cases = { points: [], depth: 1, claims };
  return conduct({ command: "claims", profile: "quick", seed: null, targets, unavailable, options }, [
    (run) => playCases(run, targets, cases),
  ]);
}

/** `durability`. Resolves with the exit code. */
export async function runDurability(options: Omit<RunOptions, "durability">): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  const all = { ...options, durability: "process" } as const; // of what is not named otherwise
  return conduct(
    { command: "durability", profile: "quick", seed: null, targets, unavailable, options: all },
    [durability(targets)],
  );
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

/** `recovery`. Resolves with the exit code. */
export async function runRecovery(options: RecoveryOptions): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  const seed = options.seed ?? randomInt(2 ** 31);
  return conduct({ command: "recovery", profile: "quick", seed, targets, unavailable, options }, [
    recovery(targets, seed),
  ]);
}

/** `selftest`. Resolves with the exit code. */
export async function runSelftest(options: SelftestOptions): Promise<number> {
  if (options.checkers) {
    console.log(checkerSpeed());
    return 0;
  }
  const seed = options.seed ?? randomInt(2 ** 31);
  const samples = options.samples ?? (options.variant === undefined ? 6 : 4); // one alone is wanted soon
  const experiments = selftestExperiments({ ...options, samples, seed }, targets);
  const conducted = { command: "selftest", profile: "quick", seed, targets };
  return conduct({ ...conducted, options: { ...options, targets: "" } }, experiments);
}

function runPlan(
  conducted: Omit<Conducted, "seed"> & { readonly options: PlanOptions },
  plan: Plan,
): Promise<number> {
  const { targets, options } = conducted;
  refuseFaultsNotTaken(targets, plan.faults);
  return conduct({ ...conducted, seed: plan.seed }, [(run) => playChaos(run, targets, plan, options.shrink)]);
}

async function playChaos(run: Run, targets: readonly Target[], plan: Plan, shrinkS: number): Promise<Found> {
  writeFileSync(join(run.folder, "plan.json"), `${JSON.stringify(planSchema.parse(plan), null, 1)}\n`);
  const rows = await withProgress(plan, targets, (target, index, watch) =>
    chaos(run, plan, target, index, watch),
  );
  const verdicts = rows.flatMap((row) => row.verdicts);
  return {
    storeVersions: rows.map(({ storeVersion }) => storeVersion),
    verdicts,
    faults: rows.flatMap(({ faults }) => faults),
    recovery: rows.flatMap(({ recovery }) => recovery),
    smallestPlans: shrinkS > 0 ? await smallestPlans(run, targets, plan, verdicts, 1000 * shrinkS) : [],
  };
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
