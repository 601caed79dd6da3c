/**
 * Every exact place where a lifecycle can die, and what to look at afterwards. The list is exhaustive for a session
 * with a few activities: before and after each effect that a checkpoint follows, the wait, and the end.
 */

import { type Effect, effectsOf, type Step, stepsOf } from "../../../implementations/session/steps.ts";
import { UsageError } from "../../errors.ts";

export interface CrashPoint {
  /** Names the point on the command line and in the results, such as `record:1/after`. */
  readonly id: string;
  /** The row of the matrix: a step, an effect of cleanup, `sleep` or `completion`. */
  readonly row: string;
  readonly point: "before" | "after" | "early" | "late";
  readonly step: Step;
  /** The effect whose landings the cell counts. */
  readonly effect: Effect;
  readonly how:
    | { readonly kind: "effect"; readonly effect: Effect; readonly when: "before" | "after" }
    /** The harness kills the only worker of the `life`th life when so much of the wait has passed, of any other at once. */
    | { readonly kind: "sleep"; readonly fraction: number; readonly life: (depth: number) => number }
    /** After the last checkpoint, before the lifecycle's end is stored. */
    | { readonly kind: "completion" };
}

const activityCount = 3;

const crashPoints: readonly CrashPoint[] = stepsOf(activityCount).flatMap((step) => [
  ...(step === "expire" ? sleepPoints() : []),
  ...effectPoints(step),
  ...(step === "cleanup" ? [completionPoint()] : []),
]);

/** All points, or those that `names` name: points, or rows of the matrix. @throws UsageError for a name that there is not. */
export function crashPointsNamed(names?: readonly string[]): readonly CrashPoint[] {
  if (names === undefined) return crashPoints;
  const named = new Set(names.flatMap(pointsNamed));
  return crashPoints.filter((point) => named.has(point));
}

function pointsNamed(only: string): readonly CrashPoint[] {
  const found = crashPoints.filter(({ id, row }) => id === only || row === only);
  if (found.length > 0) return found;
  throw new UsageError(
    `Unknown crash point "${only}".`,
    `Choose from: ${crashPoints.map(({ id }) => id).join(", ")}.`,
  );
}

/** The effects of cleanup are told apart; those of login happen together, so it dies before its first or after its last. */
function effectPoints(step: Step): CrashPoint[] {
  const effects = effectsOf(step);
  const [first, last] = [effects[0], effects.at(-1)];
  if (first === undefined || last === undefined) return [];
  return step === "cleanup"
    ? effects.flatMap((effect) => [
        at(effect, step, effect, "before", effect),
        at(effect, step, effect, "after", effect),
      ])
    : [at(step, step, first, "before", first), at(step, step, last, "after", last)];
}

function at(row: string, step: Step, effect: Effect, when: "before" | "after", counted: Effect): CrashPoint {
  return {
    id: `${row}/${when}`,
    row,
    point: when,
    step,
    effect: counted,
    how: { kind: "effect", effect, when },
  };
}

function sleepPoints(): CrashPoint[] {
  const sleep = (point: "early" | "late", fraction: number, life: (depth: number) => number): CrashPoint => ({
    id: `sleep/${point}`,
    row: "sleep",
    point,
    step: "expire",
    effect: "set-expired",
    how: { kind: "sleep", fraction, life },
  });
  // The first death is early, or the last one late.
  return [sleep("early", 0.1, () => 1), sleep("late", 0.9, (depth) => depth)];
}

function completionPoint(): CrashPoint {
  const counted = { step: "cleanup", effect: "write-audit" } as const;
  return { id: "completion", row: "completion", point: "before", ...counted, how: { kind: "completion" } };
}
