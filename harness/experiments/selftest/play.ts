/**
 * The parts of the selftest, one after another, so that none disturbs the other: broken variants of the usual targets and of
 * others, those of the harness, then the usual targets left alone, and under kills. Where other targets are named, only theirs.
 */
import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { UsageError } from "../../errors.ts";
import { withCaseCounts, withProgress } from "../../run/progress.ts";
import type { Part } from "../../run/run-experiments.ts";
import type { Target } from "../../run/target.ts";
import type { Durability } from "../../stores/store.ts";
import { targetsNamed, usualTargetNames } from "../../targets/targets.ts";
import type { PlayContext } from "../experiment.ts";
import {
  type FoundInRuns,
  falseAlarmRow,
  inconclusiveOf,
  planOfRuns,
  playRuns,
  type Runs,
  withPlayedAgain,
} from "./false-alarms.ts";
import { playHarnessVariants } from "./harness-variants.ts";
import { casesOf, playVariants } from "./play-variants.ts";
import type { FalseAlarmRow } from "./rows.ts";
import type { SelftestSettings } from "./settings.ts";
import { type EngineVariant, type Variants, variantsNamed } from "./variants.ts";

/** Of all targets together. */
const casesAtOnce = 4 * availableParallelism();
const environmentsAtOnce = 2;

/** From one run to the next it takes so many leases. */
const noFaults = { sessionsPerRun: 20, everyLeases: 1.5, killsPerRun: 0 };
const withKills = { ...noFaults, everyLeases: 4, killsPerRun: 2 };

/** So often is an inconclusive run played again. A run with an alarm never is. */
const mostAttempts = 3;

/** @throws UsageError for a variant that does not exist. */
export function selftestParts(
  { targets, seed }: Pick<PlayContext, "targets" | "seed">,
  settings: SelftestSettings,
): readonly Part[] {
  const { variant, runs, leaseMs, retryDelayMs } = settings;
  const { ofEngines, ofHarness } = variantsNamed(variant ?? undefined);
  const areNamed =
    variant === null && !usualTargetNames.every((usual) => targets.some(({ name }) => name === usual));
  const isTheirs = ({ of }: EngineVariant) => targets.some(({ name }) => name === of);
  const theirs = ofEngines.filter(isTheirs);
  const others = areNamed ? [] : ofEngines.filter((each) => !isTheirs(each));
  const parts = [
    ...[theirs, others].filter(({ length }) => length > 0).map((each) => implementationsPart(each, settings)),
    ...(ofHarness.length > 0 && !areNamed ? [harnessPart(ofHarness, leaseMs)] : []),
  ];
  if (variant !== null || runs === 0) return parts;
  const runsOf = ({ everyLeases, ...size }: typeof noFaults, count: number) =>
    runsPart(
      { ...size, everyMs: everyLeases * leaseMs, seed: seed ?? 0, leaseMs, retryDelayMs, runs: count },
      targets,
    );
  return [...parts, runsOf(noFaults, runs), runsOf(withKills, Math.ceil((2 * runs) / 5))];
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
        playVariants(
          run,
          target,
          ownOf(target),
          { ...sizes, inEnvironment: pLimit(environmentsAtOnce) },
          onCase,
        ),
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

function harnessPart(variants: Variants["ofHarness"], leaseMs: number): Part {
  return async (run) => {
    const [selftest] = await withCaseCounts(
      [{ name: "the harness itself" }],
      () => variants.length,
      (_, onCase) => playHarnessVariants(run, variants, leaseMs, onCase),
    );
    return { selftest: selftest ?? [] };
  };
}

function runsPart(runs: Runs, targets: readonly Target[]): Part {
  const plan = planOfRuns(runs);
  return async (run) => {
    const found = await withProgress(plan, targets, run.targetsAtOnce, (target, _, watch) =>
      playRuns(run, target, plan, watch),
    );
    const falseAlarms: FalseAlarmRow[] = [];
    for (const [index, target] of targets.entries()) {
      let last = found[index] as FoundInRuns; // one for each target
      for (let attempt = 1; attempt <= mostAttempts; attempt++) {
        const open = inconclusiveOf(plan, last, runs.everyMs);
        if (open === null) break;
        console.log(`${target.name}: inconclusive runs are played again, alone`);
        last = withPlayedAgain(last, await playRuns(run, target, open, () => {}, attempt));
      }
      falseAlarms.push(falseAlarmRow(target.name, plan, last));
    }
    return { falseAlarms };
  };
}
