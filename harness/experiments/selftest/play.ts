/**
 * The parts of the selftest, one after another, so that none disturbs the other: broken variants of the usual targets and of
 * others, those of the harness, then the usual targets left alone, and under kills.
 */
import pLimit from "p-limit";
import { UsageError } from "../../errors.ts";
import { withCaseCounts, withProgress } from "../../run/progress.ts";
import type { Part } from "../../run/run-experiments.ts";
import type { Target } from "../../run/target.ts";
import type { Durability } from "../../stores/store.ts";
import { targetsNamed } from "../../targets/targets.ts";
import type { PlayContext } from "../experiment.ts";
import { planOfRuns, playRuns, type Runs } from "./false-alarms.ts";
import { playHarnessVariants } from "./harness-variants.ts";
import { casesOf, playVariants } from "./play-variants.ts";
import type { SelftestSettings } from "./settings.ts";
import { type EngineVariant, type Variants, variantsNamed } from "./variants.ts";

/** Of both targets together: fewer than elsewhere, for what is judged here is also how late a session wakes. */
const casesAtOnce = 8;
const stagesAtOnce = 2;

const noFaults = { sessionsPerRun: 20, everyMs: 1_500, killsPerRun: 0 };
const withKills = { ...noFaults, everyMs: 4_000, killsPerRun: 2 };

/** @throws UsageError for a variant that does not exist. */
export function selftestParts(
  { targets, seed }: Pick<PlayContext, "targets" | "seed">,
  settings: SelftestSettings,
): readonly Part[] {
  const { variant, runs, leaseMs, retryDelayMs } = settings;
  const { ofEngines, ofHarness } = variantsNamed(variant ?? undefined);
  const isUsual = ({ of }: EngineVariant) => targets.some(({ name }) => name === of);
  const usual = ofEngines.filter(isUsual);
  const others = ofEngines.filter((each) => !isUsual(each));
  const parts = [
    ...[usual, others].filter(({ length }) => length > 0).map((each) => implementationsPart(each, settings)),
    ...(ofHarness.length > 0 ? [harnessPart(ofHarness)] : []),
  ];
  if (variant !== null || runs === 0) return parts;
  const drawn = { seed: seed ?? 0, leaseMs, retryDelayMs };
  return [
    ...parts,
    runsPart({ ...noFaults, ...drawn, runs }, targets),
    runsPart({ ...withKills, ...drawn, runs: Math.ceil((2 * runs) / 5) }, targets),
  ];
}

/** Whoever named a variant is told where it cannot be played. */
function implementationsPart(variants: readonly EngineVariant[], settings: SelftestSettings): Part {
  const isAsked = settings.variant !== null;
  const ownOf = ({ name }: Target) => variants.filter(({ of }) => of === name);
  const sizes = { ...settings, whenFree: pLimit(casesAtOnce) };
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
        playVariants(run, target, ownOf(target), { ...sizes, inEnvironment: pLimit(stagesAtOnce) }, onCase),
    );
    return {
      selftest: played.flatMap(({ selftest }) => selftest),
      falseAlarms: played.flatMap(({ falseAlarms }) => falseAlarms),
    };
  };
}

/** The targets that these are variants of: those that are on this machine, and those that are not, each with the reason. */
async function originalsOf(variants: readonly EngineVariant[], durability: Durability) {
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

function harnessPart(variants: Variants["ofHarness"]): Part {
  return async (run) => {
    const [selftest] = await withCaseCounts(
      [{ name: "the harness itself" }],
      () => variants.length,
      (_, onCase) => playHarnessVariants(run, variants, onCase),
    );
    return { selftest: selftest ?? [] };
  };
}

function runsPart(runs: Runs, targets: readonly Target[]): Part {
  const plan = planOfRuns(runs);
  return async (run) => ({
    falseAlarms: await withProgress(plan, targets, run.targetsAtOnce, (target, _, watch) =>
      playRuns(run, target, plan, watch),
    ),
  });
}
