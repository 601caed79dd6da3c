/** From experiments and what they are told to the parts of a run, in order; neighbours that are played side by side are one part. */

import type { PlayedPlan } from "../run/play-plan/play-plan.ts";
import { type FoundRows, joined, type Part } from "../run/run-experiments.ts";
import type { Experiment, PlayContext } from "./experiment.ts";
import { experiments } from "./index.ts";
import { type Neighbour, playSideBySide } from "./side-by-side.ts";

/** An experiment, and what it is told. */
export interface Chosen {
  readonly experiment: Experiment;
  readonly settings: unknown;
}

/** @throws UsageError where an experiment cannot do what it is told. */
export function partsOf(chosen: readonly Chosen[], context: PlayContext): readonly Part[] {
  const parts: Part[] = [];
  let neighbours: Neighbour[] = [];
  const playNeighbours = () => {
    if (neighbours.length > 0) parts.push(playSideBySide(neighbours));
    neighbours = [];
  };
  for (const { experiment, settings } of chosen) {
    const { play, shared } = experiment;
    const books = shared.byTheBook?.includes(context.profile) ? context.books : [];
    const targets = [...context.targets, ...books];
    if (play.kind === "side by side") neighbours.push({ play, settings, targets });
    else {
      playNeighbours();
      parts.push(
        ...(play.kind === "read" ? [() => play.read()] : play.parts({ ...context, targets }, settings)),
      );
    }
  }
  playNeighbours();
  return parts;
}

/** What the experiments read out of the run of a plan. Pure. */
export function judgePlan(played: PlayedPlan): FoundRows {
  return experiments
    .map((experiment) => (experiment.judgePlan?.(played) ?? {}) as FoundRows) // absent keys are no undefined ones
    .reduce<FoundRows>(joined, {});
}
