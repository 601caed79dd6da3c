/**
 * Experiments that are made of cases which mostly wait, side by side: they share one limit for each target, and the
 * pool is what two cores bear.
 */
import pLimit from "p-limit";
import { withCaseCounts } from "../run/progress.ts";
import { type FoundRows, joined, type Part } from "../run/run-experiments.ts";
import type { Target } from "../run/target.ts";
import type { Play } from "./experiment.ts";

/** So many cases of each of two targets fit onto two cores side by side; of more targets, fewer. */
const casesOfTwo = 6;

/** One that is played so, with what it was told. */
export interface InLanes {
  readonly play: Extract<Play<unknown>, { readonly kind: "side by side" }>;
  readonly settings: unknown;
}

/** Plays the cases of all of them on the targets, as many targets at once as play a plan at once. */
export function playInLanes(targets: readonly Target[], neighbours: readonly InLanes[]): Part {
  const inOrder = neighbours.toSorted((a, b) => Number(b.play.comesFirst) - Number(a.play.comesFirst));
  return async (run) => {
    const atOnce = Math.min(targets.length, run.targetsAtOnce);
    const casesAtOnce = Math.max(1, Math.min(casesOfTwo, Math.floor((2 * casesOfTwo) / atOnce)));
    const countOf = (target: Target) =>
      neighbours.reduce((sum, { play, settings }) => sum + play.countOf(target, settings), 0);
    const playAll = async (target: Target, onCase: () => void) => {
      const whenFree = pLimit(casesAtOnce);
      return Promise.all(
        inOrder.map(({ play, settings }) => play.play(run, target, settings, whenFree, onCase)),
      );
    };
    const played = await withCaseCounts(targets, countOf, playAll, atOnce);
    return played.flat().reduce<FoundRows>(joined, {});
  };
}
