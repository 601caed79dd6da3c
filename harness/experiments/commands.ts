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
import { renderTable, renderTerminal } from "../report/terminal.ts";
import { addressOf } from "../stores/given.ts";
import type { StoreOptions } from "../stores/kinds.ts";
import { lineUp, refuseFaultsNotTaken, type Target, targets, targetsNamed } from "../targets.ts";
import { workByHand } from "../workers/by-hand.ts";
import { playCases } from "./cases.ts";
import { chaos } from "./chaos.ts";
import { checkerSpeed } from "./checker-speed.ts";
import { declaredOn } from "./claims/claim.ts";
import { claimsNamed } from "./claims/claims.ts";
import { codeSize } from "./code-size.ts";
import { type Conducted, conduct, type Found, type RunOptions, style } from "./conduct.ts";
import { crashPointsNamed } from "./crash-points.ts";
import { durability } from "./durability.ts";
import { type ProfileName, profiles } from "./profiles.ts";
import { withProgress } from "./progress.ts";
import { recovery } from "./recovery.ts";
import type { Run } from "./run.ts";
import { selftestExperiments } from "./selftest-command.ts";

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

interface ClaimsOptions extends RunOptions {
  readonly claim?: readonly string[];
}

interface RecoveryOptions extends RunOptions {
  readonly seed?: number;
}

interface CrashMatrixOptions extends RunOptions {
  readonly depth: number;
  readonly only?: readonly string[];
}

interface WorkerOptions extends StoreOptions {
  /** As the run printed it. */
  readonly run?: string;
  readonly target: string;
  readonly worldUrl: string;
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
      (run) => playChaos(run, targets, plan),
      (run) => playCases(run, targets, cases),
      async () => ({ codeSize: await codeSize() }),
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
export async function runReplay(run: string, options: RunOptions): Promise<number> {
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

function runPlan(conducted: Omit<Conducted, "seed">, plan: Plan): Promise<number> {
  const { targets, options } = conducted;
  refuseFaultsNotTaken(targets, plan.faults);
  refuseToReachNobody(targets, options);
  return conduct({ ...conducted, seed: plan.seed }, [(run) => playChaos(run, targets, plan)]);
}

/** @throws UsageError where workers are awaited from other hosts, which could not reach the world or a store. */
function refuseToReachNobody(
  targets: readonly Target[],
  { workersElsewhere = 0, worldUrl }: Pick<RunOptions, "workersElsewhere" | "worldUrl">,
): void {
  if (workersElsewhere === 0) return;
  const own = worldUrl === undefined ? "the world" : targets.find(({ given }) => given === null)?.name;
  if (own === undefined) return;
  throw new UsageError(
    `Workers elsewhere cannot reach ${own}: what a run starts listens on loopback only.`,
    "Name a world and a store that are running: --world-url, and --redis-url, --resonate-url or --postgres-url.",
  );
}

/** What to type where workers are to run, one line for each target. */
function invitationsTo({ world, settings }: Run, targets: readonly Target[]): readonly string[] {
  const { workersElsewhere = 0 } = settings;
  if (workersElsewhere === 0) return [];
  return targets.map(
    ({ name }) =>
      `Waiting for ${workersElsewhere} × npm run worker -- --run ${world.prefix}chaos --target ${name} --world-url … and the URL of its store`,
  );
}

/** `worker`: works for a run that was started elsewhere. Resolves with the exit code. */
export async function runWorker(options: WorkerOptions): Promise<number> {
  const [target] = targetsNamed(options.target, options);
  if (target === undefined || target.given === null) {
    throw new UsageError(
      `The store of ${options.target} was not named.`,
      "Name it as this host reaches it: --redis-url, --resonate-url or --postgres-url.",
    );
  }
  const world = addressOf({ flag: "--world-url", text: options.worldUrl, schemes: ["redis:", "rediss:"] });
  const leave = new AbortController();
  process.once("SIGTERM", () => leave.abort()).once("SIGINT", () => leave.abort());
  const { name, implementation, given: store } = target;
  await workByHand({ run: options.run ?? null, target: name, implementation, world, store }, leave.signal);
  return 0;
}

async function playChaos(run: Run, targets: readonly Target[], plan: Plan): Promise<Found> {
  for (const line of invitationsTo(run, targets)) console.log(line);
  writeFileSync(join(run.folder, "plan.json"), `${JSON.stringify(planSchema.parse(plan), null, 1)}\n`);
  const rows = await withProgress(plan, targets, (target, index, watch) =>
    chaos(run, plan, target, index, watch),
  );
  return {
    storeVersions: rows.map(({ storeVersion }) => storeVersion),
    verdicts: rows.flatMap(({ verdicts }) => verdicts),
    faults: rows.flatMap(({ faults }) => faults),
    recovery: rows.flatMap(({ recovery }) => recovery),
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
