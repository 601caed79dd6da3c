/**
 * Experiments that are made of cases which mostly wait, side by side: they share one limit for each target, and the
 * pool is what the machine's cores bear.
 */
import { availableParallelism } from "node:os";
import pLimit from "p-limit";
import { withCaseCounts } from "../run/progress.ts";
import type { Run } from "../run/run.ts";
import { type FoundRows, joined, type Part } from "../run/run-experiments.ts";
import type { Target } from "../run/target.ts";
import type { Play } from "./experiment.ts";

/** So many cases fit onto a core side by side, of all targets together. */
const casesPerCore = 8;

/** An experiment that is played so, with what it was told, and on which targets. */
export interface Neighbour {
  readonly play: Extract<Play<unknown>, { readonly kind: "side by side" }>;
  readonly settings: unknown;
  readonly targets: readonly Target[];
}

/** Plays the cases of all of them, each on its targets, as many targets at once as play a plan at once. */
export function playSideBySide(neighbours: readonly Neighbour[]): Part {
  const inOrder = neighbours.toSorted((a, b) => Number(b.play.comesFirst) - Number(a.play.comesFirst));
  const targets = [...new Set(inOrder.flatMap((each) => each.targets))];
  const on = (target: Target) => inOrder.filter((each) => each.targets.includes(target));
  return async (run) => {
    const atOnce = Math.min(targets.length, run.targetsAtOnce);
    const casesAtOnce = Math.max(
      1,
      Math.floor((casesPerCore * availableParallelism()) / Math.max(2, atOnce)),
    );
    const countOf = (target: Target) =>
      on(target).reduce((sum, { play, settings }) => sum + play.countOf(target, settings), 0);
    const playAll = async (target: Target, onCase: () => void) => {
      const whenFree = pLimit(casesAtOnce);
      return Promise.all(
        on(target).map(({ play, settings }) => play.play(run, target, settings, whenFree, onCase)),
      );
    };
    const played = await withCaseCounts(targets, countOf, playAll, atOnce);
    let found: FoundRows = {};
    for (const [index, target] of targets.entries())
      for (const [nth, each] of on(target).entries())
        found = joined(found, await conclusive(run, target, each, played[index]?.[nth] ?? {}));
    return found;
  };
}

/** So often is an inconclusive case played again. A failed one never is. */
const mostAttempts = 3;

/** The rows of an experiment on a target, once what was inconclusive has been played again, alone. */
async function conclusive(
  run: Run,
  target: Target,
  { play, settings }: Neighbour,
  rows: FoundRows,
): Promise<FoundRows> {
  let found = rows;
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const again = await play.playAgain(run, target, settings, found, attempt);
    if (again === null) break;
    found = again;
  }
  return found;
}
