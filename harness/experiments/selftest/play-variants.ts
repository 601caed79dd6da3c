/**
 * The experiment `selftest`: a verifier that has never failed proves nothing. Each broken variant of an implementation is
 * provoked and must be caught by the invariant that names its defect; its correct original goes through the same and must
 * raise nothing. The rates of both are what a defence is worth.
 */
import { rateInterval } from "../../checks/binomial.ts";
import { type InvariantId, invariantIds } from "../../checks/invariants/index.ts";
import { judge } from "../../checks/judge.ts";
import { editedTarget } from "../../engines/edited-copy.ts";
import { analysisOf } from "../../history/analysis.ts";
import { indexHistory } from "../../history/history.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import { inspect } from "../../run/inspect.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../run/target.ts";
import { type Provocation, specsFor } from "../../scenarios/provocation.ts";
import { Scenario, type WhenFree } from "../../scenarios/scenario.ts";
import { targetsNamed } from "../../targets/targets.ts";
import { defenceOf } from "./defences.ts";
import type { FalseAlarmRow, SelftestRow } from "./rows.ts";
import type { SelftestSettings } from "./settings.ts";
import type { EngineVariant } from "./variants.ts";

interface VariantSettings extends Pick<SelftestSettings, "samples" | "leaseMs" | "retryDelayMs"> {
  /** Waits until another environment may be open, which costs a store and a client. */
  readonly inEnvironment: WhenFree;
  readonly whenFree: WhenFree;
}

/** What became of one session of a provocation. */
interface Sample {
  /** Null where it was not provoked. */
  readonly faults: number | null;
  readonly violated: readonly InvariantId[];
}

/** What became of a provocation on one target. */
interface Outcome {
  readonly samples: readonly Sample[];
  readonly wallMs: number;
  /** How often it did not come about, and was played again. */
  readonly playedAgain: number;
}

/** So often is a provocation played again that did not come about. */
const mostAttempts = 3;

/** Plays the variants of one target, and their original, and resolves with a row for each variant and each provocation. */
export async function playVariants(
  run: Run,
  target: Target,
  variants: readonly EngineVariant[],
  settings: VariantSettings,
  onCase: () => void,
): Promise<{ selftest: readonly SelftestRow[]; falseAlarms: readonly FalseAlarmRow[] }> {
  const provocations = new Map(variants.map(({ provocation }) => [provocation.sentence, provocation]));
  const originals = new Map<string, Promise<Outcome>>();
  for (const [index, provocation] of [...provocations.values()].entries()) {
    const outcome = provoke(run, target, `original-${index}`, provocation, settings);
    originals.set(provocation.sentence, outcome);
    void outcome.then(onCase, () => {}); // whoever awaits it below is told
  }
  const selftest = await Promise.all(
    variants.map(async (variant) => {
      const outcome = await provoke(
        run,
        brokenTarget(run, variant),
        variant.name,
        variant.provocation,
        settings,
      );
      onCase();
      const original = await originals.get(variant.provocation.sentence);
      return rowOf(variant, outcome, original ?? outcome);
    }),
  );
  const falseAlarms = await Promise.all(
    [...originals].map(async ([sentence, outcome]) => alarmRowOf(target.name, sentence, await outcome)),
  );
  return { selftest, falseAlarms };
}

/** How many cases {@link playVariants} plays. */
export function casesOf(variants: readonly EngineVariant[]): number {
  return variants.length + new Set(variants.map(({ provocation }) => provocation.sentence)).size;
}

/** The target with a copy of its implementation in which the variant's edits are made. */
function brokenTarget(run: Run, { name, of, edits, startStore }: EngineVariant): Target {
  const [original] = targetsNamed(of);
  if (original === undefined) throw new Error(`variant ${name} names no target`);
  const broken = editedTarget(run, original, name, { edits });
  return { ...broken, startStore: startStore ?? original.startStore };
}

/** Plays a provocation until it comes about, each time on an environment of its own. */
async function provoke(
  run: Run,
  target: Target,
  name: string,
  provocation: Provocation,
  settings: VariantSettings,
): Promise<Outcome> {
  for (let playedAgain = 0; ; playedAgain++) {
    const attempt = playedAgain === 0 ? name : `${name}-again-${playedAgain}`;
    const outcome = await provokeOnce(run, target, attempt, provocation, settings);
    if (provokedIn(outcome) > 0 || violatedIn(outcome).length > 0 || playedAgain === mostAttempts)
      return { ...outcome, playedAgain };
  }
}

/** Plays a provocation on an environment of its own and judges each of its sessions by all invariants. */
async function provokeOnce(
  run: Run,
  target: Target,
  name: string,
  provocation: Provocation,
  { samples, leaseMs, retryDelayMs, whenFree, inEnvironment }: VariantSettings,
): Promise<Omit<Outcome, "playedAgain">> {
  return inEnvironment(async () => {
    const startedAt = performance.now();
    const experiment = `selftest-${name}`;
    const environment = await TargetEnvironment.open({ run, target, leaseMs, retryDelayMs, experiment });
    const client = environment.spawnClient("client", "none");
    await client.firstMessage();
    const specs = specsFor(provocation, samples, leaseMs);
    const scenario = new Scenario({ run, target, environment, client, experiment, retryDelayMs, whenFree });
    const played = await provocation.play(scenario, specs);
    await inspect(
      environment,
      specs.map(({ sessionId }) => sessionId),
    );
    client.kill("SIGKILL"); // one that waits for a lost session would not leave
    await client.exited;
    const inspected = (await environment.close()).filter(({ kind }) => kind === "inspected");
    return {
      samples: played.map(({ faults, history }, index) => {
        const whole = indexHistory([...history.entries, ...inspected]);
        const analysis = analysisOf(whole, { leaseMs });
        const verdicts = judge(analysis, specs.slice(index, index + 1), { faultsInjected: false });
        const failed = verdicts.filter(({ verdict }) => verdict === "fail");
        return { faults, violated: failed.map(({ invariant }) => invariant) };
      }),
      wallMs: performance.now() - startedAt,
    };
  });
}

function rowOf(variant: EngineVariant, outcome: Outcome, original: Outcome): SelftestRow {
  const { name, of, defect, expected, provocation } = variant;
  const caughtBy = violatedIn(outcome);
  const [provoked, violating] = [provokedIn(outcome), violatingIn(outcome, expected)];
  const interval = provoked === 0 ? null : rateInterval(violating, provoked);
  return {
    variant: name,
    of,
    defect,
    provocation: provocation.sentence,
    expected,
    caughtBy,
    verdict: caughtBy.includes(expected) ? "pass" : provoked === 0 ? "unknown" : "fail",
    provoked,
    violating,
    rate95: interval === null ? null : [interval.low, interval.high],
    originalProvoked: provokedIn(original),
    originalViolating: violatingIn(original, expected),
    faults: faultsIn(outcome),
    wallMs: Math.round(outcome.wallMs),
    defence: defenceOf(variant),
  };
}

function alarmRowOf(target: string, what: string, outcome: Outcome): FalseAlarmRow {
  const violated = violatedIn(outcome);
  return {
    target,
    what,
    runs: 1,
    sessions: outcome.samples.length,
    faults: faultsIn(outcome),
    disturbed: 0,
    playedAgain: outcome.playedAgain,
    alarms: violated.length > 0 ? 1 : 0,
    violated,
    verdict: violated.length > 0 ? "fail" : provokedIn(outcome) === 0 ? "unknown" : "pass",
  };
}

/** The invariants that any session broke, in the order of a report. */
function violatedIn({ samples }: Pick<Outcome, "samples">): readonly InvariantId[] {
  return invariantIds.filter((invariant) => samples.some(({ violated }) => violated.includes(invariant)));
}

function provokedIn({ samples }: Pick<Outcome, "samples">): number {
  return samples.filter(({ faults }) => faults !== null).length;
}

/** The provoked sessions that broke an invariant. */
function violatingIn({ samples }: Outcome, invariant: InvariantId): number {
  return samples.filter(({ faults, violated }) => faults !== null && violated.includes(invariant)).length;
}

function faultsIn({ samples }: Outcome): number {
  return samples.reduce((sum, { faults }) => sum + (faults ?? 0), 0);
}
