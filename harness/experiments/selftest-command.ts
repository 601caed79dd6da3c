/**
 * The parts of the experiment `selftest` and their sizes, one after another, so that none disturbs the other: broken
 * variants of the implementations, those of the harness, then the correct targets left alone, and under kills.
 */
import pLimit from "p-limit";
import { type Variants, variantsNamed } from "../selftest/variants/variants.ts";
import type { Target } from "../targets.ts";
import type { Experiment } from "./conduct.ts";
import { planOfRuns, playRuns, type Runs } from "./false-alarms.ts";
import { playHarnessVariants } from "./harness-variants.ts";
import { caseTiming } from "./profiles.ts";
import { withCaseCounts, withProgress } from "./progress.ts";
import { casesOf, playVariants } from "./selftest.ts";

interface SelftestSize {
  /** One variant; no other runs of the correct targets then. */
  readonly variant?: string;
  /** Fault-free runs of each correct target; two fifths as many with kills. */
  readonly runs: number;
  /** Sessions that each variant is provoked on. */
  readonly samples: number;
  readonly seed: number;
}

/** Of both targets together: half as many as elsewhere, for what is judged here is also how late a session wakes. */
const lanes = 8;
const stagesAtOnce = 2;

const { leaseMs, retryDelayMs } = caseTiming;
const calm = { sessionsPerRun: 20, everyMs: 1_500, killsPerRun: 0, leaseMs, retryDelayMs };
const rough = { ...calm, everyMs: 4_000, killsPerRun: 2 };

/** @throws UsageError for a variant that does not exist. */
export function selftestExperiments(
  { variant, runs, samples, seed }: SelftestSize,
  targets: readonly Target[],
): readonly Experiment[] {
  const { ofImplementations, ofHarness } = variantsNamed(variant);
  const parts = [
    ...(ofImplementations.length > 0 ? [implementationsPart(ofImplementations, samples, targets)] : []),
    ...(ofHarness.length > 0 ? [harnessPart(ofHarness)] : []),
  ];
  if (variant !== undefined || runs === 0) return parts;
  const withKills = { ...rough, seed, runs: Math.ceil((2 * runs) / 5) };
  return [...parts, runsPart({ ...calm, seed, runs }, targets), runsPart(withKills, targets)];
}

function implementationsPart(
  variants: Variants["ofImplementations"],
  samples: number,
  targets: readonly Target[],
): Experiment {
  const ownOf = ({ name }: Target) => variants.filter(({ of }) => of === name);
  const sizes = { samples, leaseMs, retryDelayMs, inLane: pLimit(lanes) };
  return async (run) => {
    const played = await withCaseCounts(
      targets.filter((target) => ownOf(target).length > 0),
      (target) => casesOf(ownOf(target)),
      (target, onCase) =>
        playVariants(run, target, ownOf(target), { ...sizes, onStage: pLimit(stagesAtOnce) }, onCase),
    );
    return {
      selftest: played.flatMap(({ selftest }) => selftest),
      falseAlarms: played.flatMap(({ falseAlarms }) => falseAlarms),
    };
  };
}

function harnessPart(variants: Variants["ofHarness"]): Experiment {
  return async (run) => {
    const [selftest] = await withCaseCounts(
      [{ name: "the harness itself" }],
      () => variants.length,
      (_, onCase) => playHarnessVariants(run, variants, onCase),
    );
    return { selftest };
  };
}

function runsPart(runs: Runs, targets: readonly Target[]): Experiment {
  const plan = planOfRuns(runs);
  return async (run) => ({
    falseAlarms: await withProgress(plan, targets, run.targetsAtOnce, (target, _, watch) =>
      playRuns(run, target, plan, watch),
    ),
  });
}
