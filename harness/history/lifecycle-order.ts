/**
 * The place of steps and effects in the lifecycle, as numbers that can be compared.
 */
import { type Effect, effectsOf, recordIndex, type Step } from "../../implementations/session/steps.ts";

const firstStepAfterRecording = 1e9;
const effectsPerStepAtMost = 4;

/** Grows along the lifecycle, whatever its number of activities (up to 10⁹ − 1). */
export function stepRank(step: Step): number {
  switch (step) {
    case "login":
      return 0;
    case "mark-idle":
      return firstStepAfterRecording;
    case "expire":
      return firstStepAfterRecording + 1;
    case "cleanup":
      return firstStepAfterRecording + 2;
    default:
      return 1 + recordIndex(step);
  }
}

/** Grows along the lifecycle, and within a step along its effects. */
export function effectRank(step: Step, effect: Effect): number {
  return stepRank(step) * effectsPerStepAtMost + effectsOf(step).indexOf(effect);
}
