/**
 * Plays the rules of conformance on one implementation, side by side, each with processes of its own. What a broken
 * implementation does, ending or never being ready among it, is an answer of the rule and no failure of the harness.
 */
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import pLimit from "p-limit";
import { HarnessError, MachineError } from "../errors.ts";
import { TargetEnvironment } from "../run/environment.ts";
import type { Run } from "../run/run.ts";
import type { Target } from "../run/target.ts";
import { timing } from "../run/timing.ts";
import { Scenario } from "../scenarios/scenario.ts";
import { crashRules } from "./crash-rules.ts";
import { lifecycleRules } from "./lifecycle-rules.ts";
import { missingModules, modulesFix, modulesSentence } from "./modules.ts";
import type { Rule } from "./rule.ts";
import { storeRules } from "./store-rules.ts";
import { waitRules } from "./wait-rules.ts";

export interface RuleOutcome {
  readonly sentence: string;
  /** Null where something that nobody ordered happened, so that what was wrong proves nothing. */
  readonly isKept: boolean | null;
  /** What that was. */
  readonly disturbances: readonly string[];
  /** What was wrong, and what to do about it; nothing where it is kept. */
  readonly wrong: readonly string[];
  readonly fix: string;
  /** How often it was inconclusive, and played again alone. */
  readonly playedAgain: number;
}

const allRules: readonly Rule[] = [...lifecycleRules, ...waitRules, ...crashRules, ...storeRules];
/** How many there are to keep, that of the modules among them. */
export const ruleCount = 1 + allRules.length;

/** Rules that are under way at once: they mostly wait. */
const casesAtOnce = 2 * availableParallelism();
/** A rule that takes longer waits for what will never happen. */
const longestLeases = 75;
/** A worker or client that takes longer never gets ready, ms; in leases, where these are long. */
const usualReadyWithinMs = 60_000;
const readyLeases = 20;

export interface ConformContexts {
  /** All, where they are left out. */
  readonly rules?: readonly Rule[];
  readonly leaseMs?: number;
  /** How long a worker or client may take to get ready, ms. */
  readonly readyWithinMs?: number;
}

/** Plays rules, and tells each outcome in their order as soon as it is known. Without the modules there is nothing to play. */
export async function conform(
  run: Run,
  target: Target,
  tell: (outcome: RuleOutcome) => void,
  {
    rules = allRules,
    leaseMs = timing.leaseMs,
    readyWithinMs = Math.max(usualReadyWithinMs, readyLeases * leaseMs),
  }: ConformContexts = {},
): Promise<readonly RuleOutcome[]> {
  const missing = await missingModules(target.implementation);
  const outcomes: RuleOutcome[] = [
    {
      sentence: modulesSentence,
      fix: modulesFix,
      playedAgain: 0,
      isKept: missing.length === 0,
      disturbances: [],
      wrong: missing,
    },
  ];
  outcomes.forEach(tell);
  if (missing.length > 0) return outcomes;
  const context = { run, target, leaseMs, readyWithinMs };
  const environment = await openEnvironment(firstLedger, context);
  const whenFree = pLimit(casesAtOnce);
  const playFirst = (rule: Rule) => whenFree(() => playRule(rule, context, environment, firstLedger));
  const opening = rules.filter(({ opensAll }) => opensAll);
  const others = rules.filter(({ opensAll }) => !opensAll);
  for (const rule of opening) {
    const outcome = await playFirst(rule);
    outcomes.push(outcome);
    tell(outcome);
  }
  const isOpen = outcomes.every(({ isKept }) => isKept !== false);
  const playing = isOpen ? others.map(playFirst) : [];
  const inconclusive: Rule[] = [];
  for (const [index, played] of playing.entries()) {
    const outcome = await played;
    const rule = others[index];
    if (outcome.isKept === null && rule !== undefined) inconclusive.push(rule);
    else {
      outcomes.push(outcome);
      tell(outcome);
    }
  }
  await environment.close();
  for (const [index, rule] of inconclusive.entries()) {
    const outcome = await playAgain(rule, index, context);
    outcomes.push(outcome);
    tell(outcome);
  }
  return outcomes;
}

/** The name of the ledger that all rules share at first. */
const firstLedger = "conform";

interface ConformContext {
  readonly run: Run;
  readonly target: Target;
  readonly leaseMs: number;
  readonly readyWithinMs: number;
}

function openEnvironment(experiment: string, context: ConformContext): Promise<TargetEnvironment> {
  return TargetEnvironment.open({ ...timing, ...context, experiment, mayEnd: ["client"] });
}

/** So often is an inconclusive rule played again, alone. A broken one never is. */
const mostAttempts = 3;

async function playAgain(rule: Rule, index: number, context: ConformContext): Promise<RuleOutcome> {
  for (let attempt = 1; ; attempt++) {
    const ledger = `${firstLedger}-again-${attempt}-${index}`;
    const environment = await openEnvironment(ledger, context);
    const outcome = await playRule(rule, context, environment, ledger);
    await environment.close();
    if (outcome.isKept !== null || attempt === mostAttempts) return { ...outcome, playedAgain: attempt };
  }
}

async function playRule(
  rule: Rule,
  { run, target, readyWithinMs }: ConformContext,
  environment: TargetEnvironment,
  experiment: string,
): Promise<RuleOutcome> {
  const { retryDelayMs } = timing;
  const scenario = new Scenario({
    run,
    target,
    environment,
    experiment,
    retryDelayMs,
    whenFree: (testCase) => testCase(), // a rule has been let in already
    clientsMayEnd: true,
    readyWithinMs,
  });
  const longestMs = longestLeases * environment.leaseMs;
  const tooLate = delay(longestMs, null, { ref: false });
  let wrong: readonly string[];
  try {
    wrong = (await Promise.race([rule.play(scenario), tooLate])) ?? [
      `after ${longestMs / 1000} s it had not come to an end: a process never got ready, or never left`,
    ];
  } catch (error) {
    if (!(error instanceof HarnessError) || error instanceof MachineError) throw error;
    wrong = [`${error.causeLine} ${error.fixLine}`]; // of a process of the implementation's
  }
  await scenario.close();
  const all = [...wrong, ...scenario.ended];
  const disturbances = scenario.cases.flatMap((testCase) => testCase.disturbances);
  const { sentence, fix } = rule;
  return {
    sentence,
    fix,
    playedAgain: 0,
    wrong: all,
    disturbances,
    isKept: all.length === 0 ? true : disturbances.length > 0 ? null : false,
  };
}
