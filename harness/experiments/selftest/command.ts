/**
 * The parts of the experiment `selftest` and their sizes, one after another, so that none disturbs the other: broken
 * variants of the usual targets and of others, those of the harness, then the usual targets left alone, and under kills.
 */
import pLimit from "p-limit";
import { UsageError } from "../../errors.ts";
import { withCaseCounts, withProgress } from "../../run/progress.ts";
import type { Experiment } from "../../run/run-experiments.ts";
import type { Durability } from "../../stores/store.ts";
import { type Target, targetsNamed } from "../../targets/targets.ts";
import { caseTiming } from "../profiles.ts";
import { planOfRuns, playRuns, type Runs } from "./false-alarms.ts";
import { playHarnessVariants } from "./harness-variants.ts";
import { casesOf, playVariants } from "./selftest.ts";
import type { Variant } from "./variant.ts";
import { type Variants, variantsNamed } from "./variants/variants.ts";

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
  const isUsual = ({ of }: Variant) => targets.some(({ name }) => name === of);
  const usual = ofImplementations.filter(isUsual);
  const others = ofImplementations.filter((each) => !isUsual(each));
  const parts = [
    ...[usual, others]
      .filter(({ length }) => length > 0)
      .map((each) => implementationsPart(each, { samples, isAsked: variant !== undefined })),
    ...(ofHarness.length > 0 ? [harnessPart(ofHarness)] : []),
  ];
  if (variant !== undefined || runs === 0) return parts;
  const withKills = { ...rough, seed, runs: Math.ceil((2 * runs) / 5) };
  return [...parts, runsPart({ ...calm, seed, runs }, targets), runsPart(withKills, targets)];
}

/** `isAsked`: whether somebody named the variant, who should be told where it cannot be played. */
function implementationsPart(
  variants: readonly Variant[],
  { samples, isAsked }: { readonly samples: number; readonly isAsked: boolean },
): Experiment {
  const ownOf = ({ name }: Target) => variants.filter(({ of }) => of === name);
  const sizes = { samples, leaseMs, retryDelayMs, inLane: pLimit(lanes) };
  return async (run) => {
    const { able, unable } = await originalsOf(variants, run.settings.durability);
    for (const { name, reason } of unable) {
      if (isAsked) throw new UsageError(`No variant of ${name} can be played here.`, `Why: ${reason}.`);
      console.log(`Variants of ${name} are left out: ${reason}`);
    }
    const played = await withCaseCounts(
      able,
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

/** The targets that these are variants of: those that are on this machine, and those that are not, each with the reason. */
async function originalsOf(variants: readonly Variant[], durability: Durability) {
  const names = new Set(variants.map(({ of }) => of));
  const looked = await Promise.all(
    targetsNamed([...names].join(",")).map(async (target) => ({
      target,
      reason: target.durabilities.includes(durability)
        ? await target.whyUnavailable()
        : `it has no durability "${durability}"`,
    })),
  );
  return {
    able: looked.flatMap(({ target, reason }) => (reason === null ? [target] : [])),
    unable: looked.flatMap(({ target, reason }) => (reason === null ? [] : [{ name: target.name, reason }])),
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
