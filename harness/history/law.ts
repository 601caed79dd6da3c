/**
 * What a version of the lifecycle lets happen, in what order, and how long it waits. The one that is published is the usual
 * law; the experiment `upgrade` judges sessions by that of another version too. Places in it are numbers that can be compared.
 */
import type { SessionSpec } from "../../implementations/session/spec.ts";
import {
  type Effect,
  effectsOf,
  isRecordStep,
  type RecordStep,
  recordIndex,
  recordStep,
  type Step,
} from "../../implementations/session/steps.ts";

/** A step, or all of those that record activities. */
type Place = Exclude<Step, RecordStep> | "records";

export interface Law {
  readonly name: string;
  readonly order: readonly Place[];
  /** The step with which a session goes on once its wait is over. */
  readonly wakesWith: Step;
  /** The activity that is no longer recorded, by its index. */
  readonly unrecorded?: number;
  /** The wait, in idle timeouts. */
  readonly idleTimeouts: number;
}

export const published: Law = {
  name: "published",
  order: ["login", "records", "mark-idle", "expire", "cleanup"],
  wakesWith: "expire",
  idleTimeouts: 1,
};

/** All steps of a session with so many activities, in order. Pure. */
export function stepsUnder({ order, unrecorded }: Law, activityCount: number): readonly Step[] {
  const records = Array.from({ length: activityCount }, (_, index) => index)
    .filter((index) => index !== unrecorded)
    .map(recordStep);
  return order.flatMap((place): readonly Step[] => (place === "records" ? records : [place]));
}

/** How long a session idles, ms. Pure. */
export function idleMsUnder(
  { idleTimeouts }: Law,
  { idleTimeoutMs }: Pick<SessionSpec, "idleTimeoutMs">,
): number {
  return idleTimeouts * idleTimeoutMs;
}

/** Whether there is such a step. Pure. */
export function isUnder({ order, unrecorded }: Law, step: Step): boolean {
  return isRecordStep(step) ? recordIndex(step) !== unrecorded : order.includes(step);
}

const activitiesAtMost = 1e9;
const effectsPerStepAtMost = 4;

/** Grows along the lifecycle, whatever its number of activities (up to 10⁹ − 1); below that of any step where there is no such step. */
export function stepRank({ order }: Law, step: Step): number {
  return isRecordStep(step)
    ? order.indexOf("records") * activitiesAtMost + recordIndex(step)
    : order.indexOf(step) * activitiesAtMost;
}

/** Grows along the lifecycle, and within a step along its effects. */
export function effectRank(law: Law, step: Step, effect: Effect): number {
  return stepRank(law, step) * effectsPerStepAtMost + effectsOf(step).indexOf(effect);
}
