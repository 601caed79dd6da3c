/**
 * Plays the rules of conformance on one implementation, side by side, each with processes of its own. What a broken
 * implementation does, ending or never being ready among it, is an answer of the rule and no failure of the harness.
 */
import { setTimeout as delay } from "node:timers/promises";
import pLimit from "p-limit";
import { HarnessError } from "../errors.ts";
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

export interface RuleOutcome {
  readonly sentence: string;
  /** Null where a worker stood still for so long, without a fault, that what was wrong proves nothing. */
  readonly isKept: boolean | null;
  /** What was wrong, and what to do about it; nothing where it is kept. */
  readonly wrong: readonly string[];
  readonly fix: string;
}

const allRules: readonly Rule[] = [...lifecycleRules, ...crashRules, ...storeRules];

/** Rules that are under way at once: they mostly wait. */
const casesAtOnce = 4;
/** A rule that takes longer waits for what will never happen. */
const longestMs = 75_000;

/** Plays rules, and tells each outcome in their order as soon as it is known. Without the modules there is nothing to play. */
export async function conform(
  run: Run,
  target: Target,
  tell: (outcome: RuleOutcome) => void,
  rules = allRules,
): Promise<readonly RuleOutcome[]> {
  const missing = await missingModules(target.implementation);
  const outcomes: RuleOutcome[] = [
    { sentence: modulesSentence, fix: modulesFix, isKept: missing.length === 0, wrong: missing },
  ];
  outcomes.forEach(tell);
  if (missing.length > 0) return outcomes;
  const environment = await TargetEnvironment.open({
    run,
    experiment: "conform",
    target,
    ...timing,
    clientsMayEnd: true,
  });
  const whenFree = pLimit(casesAtOnce);
  const playing = rules.map((rule) => whenFree(() => playRule(rule, run, target, environment)));
  for (const played of playing) {
    const outcome = await played;
    outcomes.push(outcome);
    tell(outcome);
  }
  await environment.close();
  return outcomes;
}

async function playRule(
  rule: Rule,
  run: Run,
  target: Target,
  environment: TargetEnvironment,
): Promise<RuleOutcome> {
  const { retryDelayMs } = timing;
  const scenario = new Scenario({
    run,
    target,
    environment,
    experiment: "conform",
    retryDelayMs,
    whenFree: (testCase) => testCase(), // a rule has been let in already
    clientsMayEnd: true,
  });
  const tooLate = delay(longestMs, null, { ref: false });
  let wrong: readonly string[];
  try {
    wrong = (await Promise.race([rule.play(scenario), tooLate])) ?? [
      `after ${longestMs / 1000} s it had not come to an end: a process never got ready, or never left`,
    ];
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    wrong = [`${error.causeLine} ${error.fixLine}`]; // of a process of the implementation's
  }
  await scenario.close();
  const all = [...wrong, ...scenario.ended];
  const wasDisturbed = scenario.cases.some(({ starved }) => starved.length > 0);
  const { sentence, fix } = rule;
  return { sentence, fix, wrong: all, isKept: all.length === 0 ? true : wasDisturbed ? null : false };
}
