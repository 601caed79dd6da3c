/** The commands from the outside: each turns flags into cases or a file, and names the experiments to conduct. */
import { randomInt } from "node:crypto";
import { UsageError } from "../errors.ts";
import { renderTable } from "../report/formats/terminal.ts";
import { conduct, type RunOptions, style } from "../run/run-experiments.ts";
import { lineUp, refuseFaultsNotTaken, targets } from "../targets/targets.ts";
import { playCases } from "./cases/cases.ts";
import { type ComparisonOptions, planOf, playChaos } from "./chaos/command.ts";
import { declaredOn } from "./claims/claim.ts";
import { claimsNamed } from "./claims/claims.ts";
import { codeSize } from "./code-size/code-size.ts";
import { footprint } from "./code-size/footprint.ts";
import { codeSizeFilesTable, codeSizeTable } from "./code-size/tables.ts";
import { cost } from "./cost/cost.ts";
import { footprintTable } from "./cost/tables.ts";
import { crashPointsNamed } from "./crash-matrix/crash-points.ts";
import { durability } from "./durability/durability.ts";
import { idleScale } from "./idle-scale/idle-scale.ts";
import { load } from "./load/load.ts";
import { profiles } from "./profiles.ts";
import { recovery } from "./recovery/recovery.ts";
import { checkerSpeed } from "./selftest/checker-speed.ts";
import { selftestExperiments } from "./selftest/command.ts";

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
  refuseFaultsNotTaken(targets, plan.faults);
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

/** `code-size`: counts and shows. Resolves with the exit code. */
export async function runCodeSize(): Promise<number> {
  const rows = { codeSize: await codeSize(), footprint: footprint() };
  for (const table of [codeSizeTable(rows), codeSizeFilesTable(rows), footprintTable(rows)])
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
