/**
 * Plays the rules of conformance on one implementation, side by side, each with processes of its own. What a broken
 * implementation does, ending or never being ready among it, is an answer of the rule and no failure of the harness.
 */
import { setTimeout as delay } from "node:timers/promises";
import pLimit from "p-limit";
import { HarnessError } from "../errors.ts";
import { dismiss } from "../processes/dismiss.ts";
import type { Child } from "../processes/reaper.ts";
import { Trial } from "../run/case.ts";
import { Stage } from "../run/environment.ts";
import type { Run } from "../run/run.ts";
import { timing } from "../run/timing.ts";
import type { Target } from "../targets/targets.ts";
import { crashRules } from "./crash-rules.ts";
import { lifecycleRules } from "./lifecycle-rules.ts";
import { missingModules, modulesFix, modulesSentence } from "./modules.ts";
import type { Rule, Scene } from "./rule.ts";
import { storeRules } from "./store-rules.ts";

export interface RuleOutcome {
  readonly sentence: string;
  /** Null where a worker stood still for so long, with nobody's doing, that what was wrong proves nothing. */
  readonly isKept: boolean | null;
  /** What was wrong, and what to do about it; nothing where it is kept. */
  readonly wrong: readonly string[];
  readonly fix: string;
}

const allRules: readonly Rule[] = [...lifecycleRules, ...crashRules, ...storeRules];

/** Rules that are under way at once: they mostly wait. */
const lanes = 4;
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
  const stage = await openStage(run, target, "conform");
  const inLane = pLimit(lanes);
  const playing = rules.map((rule) => inLane(() => playRule(rule, run, target, stage)));
  for (const played of playing) {
    const outcome = await played;
    outcomes.push(outcome);
    tell(outcome);
  }
  await stage.close();
  return outcomes;
}

function openStage(run: Run, target: Target, experiment: string): Promise<Stage> {
  const { leaseMs, retryDelayMs } = timing;
  return Stage.open({ run, experiment, target, leaseMs, retryDelayMs, clientsMayEnd: true });
}

async function playRule(rule: Rule, run: Run, target: Target, stage: Stage): Promise<RuleOutcome> {
  const scene = new RuleScene(run, target, stage);
  const tooLate = delay(longestMs, null, { ref: false });
  let wrong: readonly string[];
  try {
    wrong = (await Promise.race([rule.play(scene), tooLate])) ?? [
      `after ${longestMs / 1000} s it had not come to an end: a process never got ready, or never left`,
    ];
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    wrong = [`${error.causeLine} ${error.fixLine}`]; // of a process of the implementation's
  }
  const ended = await scene.close();
  const all = [...wrong, ...ended];
  const { sentence, fix } = rule;
  return { sentence, fix, wrong: all, isKept: all.length === 0 ? true : scene.wasDisturbed() ? null : false };
}

/** What one rule has opened. */
class RuleScene implements Scene {
  readonly stage: Stage;
  readonly leaseMs = timing.leaseMs;
  readonly retryDelayMs = timing.retryDelayMs;
  private readonly run: Run;
  private readonly target: Target;
  private readonly trials: Trial[] = [];
  private readonly clients: Child[] = [];
  private readonly stages: Stage[] = [];
  /** Clients that ended without being told to. */
  private readonly ended: string[] = [];
  private isClosing = false;

  constructor(run: Run, target: Target, stage: Stage) {
    this.run = run;
    this.target = target;
    this.stage = stage;
  }

  // Values and not methods: rules take them out of the scene.
  readonly openTrial = (group: string, stage = this.stage): Trial => {
    const trial = new Trial(stage, group);
    this.trials.push(trial);
    return trial;
  };

  readonly openClient = async ({ stage, group }: Trial, name = "client"): Promise<Child> => {
    const client = stage.spawnClient(`${group}-${name}`, group);
    this.clients.push(client);
    void client.exited.then(({ signal, code }) => {
      if (this.isClosing) return;
      const words = client.lastWords() || "none";
      this.ended.push(
        `a client ended by itself (${signal ?? `exit code ${code}`}); its last words: ${words}`,
      );
    });
    await client.firstMessage();
    return client;
  };

  readonly openStage = async (name: string): Promise<Stage> => {
    const stage = await openStage(this.run, this.target, `conform-${name}`);
    this.stages.push(stage);
    return stage;
  };

  /** Whether a worker stood still so long that it may have lost what it held. */
  wasDisturbed(): boolean {
    return this.trials.some(({ starved }) => starved.length > 0);
  }

  /** Ends what is left, and says what had ended by itself. */
  async close(): Promise<readonly string[]> {
    this.isClosing = true;
    await Promise.all(this.trials.map((trial) => trial.abandon()));
    await Promise.all(this.clients.map((client) => dismiss(client)));
    for (const stage of this.stages) await stage.close();
    return this.ended;
  }
}
