/** The commands that play a plan: drawn from a seed, or that of an earlier run. */
import { randomInt } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { agreementOf } from "../../commands/agreement.ts";
import { invitationsTo, refuseToReachNobody } from "../../commands/worker.ts";
import { UsageError } from "../../errors.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import { faultCountsOf, faultMixOf } from "../../plan/fault-mix.ts";
import { type Plan, planSchema } from "../../plan/plan-schema.ts";
import { printable } from "../../report/printable.ts";
import { readResults } from "../../report/results-file.ts";
import { withProgress } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import { type Conducted, conduct, type Found, type RunOptions } from "../../run/run-experiments.ts";
import { lineUp, refuseFaultsNotTaken, type Target } from "../../targets/targets.ts";
import { type ProfileName, profiles } from "../profiles.ts";
import { chaos } from "./chaos.ts";
import { smallestPlans } from "./shrink.ts";

export interface PlanOptions extends RunOptions {
  /** How long to look for a smaller plan that fails too, s. */
  readonly shrink: number;
}

export interface ComparisonOptions extends PlanOptions {
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

/** `chaos`. Resolves with the exit code. */
export async function runChaos(options: ComparisonOptions): Promise<number> {
  const { targets, unavailable } = await lineUp(options.targets, options);
  return runPlan(
    { command: "chaos", profile: options.profile, targets, unavailable, options },
    planOf(options),
  );
}

/** The plan that flags and profile ask for. Pure, but for a seed that nobody gave. */
export function planOf(options: ComparisonOptions): Plan {
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

function runPlan(
  conducted: Omit<Conducted, "seed"> & { readonly options: PlanOptions },
  plan: Plan,
): Promise<number> {
  const { targets, options } = conducted;
  refuseFaultsNotTaken(targets, plan.faults);
  refuseToReachNobody(targets, options);
  // Whoever started workers by hand did so for one performance of the plan.
  const shrinkS = (options.workersElsewhere ?? 0) > 0 ? 0 : options.shrink;
  return conduct({ ...conducted, seed: plan.seed }, [(run) => playChaos(run, targets, plan, shrinkS)]);
}

/**
 * Saves the plan and plays it on the targets, as many at once as the machine has cores; what fails is played again
 * smaller, for so many seconds.
 */
export async function playChaos(
  run: Run,
  targets: readonly Target[],
  plan: Plan,
  shrinkS: number,
): Promise<Found> {
  for (const line of invitationsTo(run, targets)) console.log(line);
  writeFileSync(join(run.folder, "plan.json"), `${JSON.stringify(planSchema.parse(plan), null, 1)}\n`);
  const rows = await withProgress(plan, targets, run.targetsAtOnce, (target, index, watch) =>
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

/** The plan of a run, by its folder or file. @throws UsageError when there is no plan, or it is not one. */
export function readPlan(run: string): Plan {
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
