/**
 * Measures load: how many sessions per second each target carries, and how long each takes, at rising
 * concurrency and without any fault. Targets, and beside each the least that its engine can do, take turns, each alone on
 * the machine, so that whatever the machine does meanwhile it does to all of them.
 */
import { withCaseCounts } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import type { Part } from "../../run/run-experiments.ts";
import type { Target } from "../../run/target.ts";
import { medianOf } from "./bootstrap.ts";
import { closedCells, rateCells, tunedCells } from "./cell.ts";
import { peaksOf, rowsOf } from "./found.ts";
import type { LoadBoundRow, LoadRows } from "./rows.ts";
import { type LoadSettings, mainWorkersOf } from "./settings.ts";
import { tunedTargets } from "./tuned-targets.ts";
import { ratesOf, type Taken, Turns } from "./turns.ts";
import { boundOf } from "./why.ts";

/** Measures all targets in turns. Nothing else may run beside it. */
export function playLoad(targets: readonly Target[], settings: LoadSettings): Part {
  const all = { name: "load, all targets in turns" };
  const phases = settings.workers.length + (settings.extras ? 3 : 0); // rates, what bounds each, and what tuning gives
  return async (run) => {
    const [found] = await withCaseCounts(
      [all],
      () => phases,
      (_, onPhase) => measureAll(run, targets, settings, onPhase),
    );
    return { ...found };
  };
}

async function measureAll(
  run: Run,
  targets: readonly Target[],
  settings: LoadSettings,
  onPhase: () => void,
): Promise<LoadRows> {
  const turns = new Turns(run, settings);
  const closed: Taken[] = [];
  const byWorkers = Map.groupBy(closedCells(targets, settings), ({ setting }) => setting.workers);
  for (const cells of byWorkers.values()) {
    closed.push(...(await turns.measure(cells)));
    onPhase();
  }
  if (!settings.extras) return { ...rowsOf(closed), loadBounds: [] };
  const workers = mainWorkersOf(settings);
  const peaks = peaksOf(closed, workers);
  const atRates = await turns.measure(rateCells(targets, peakRates(peaks), settings));
  onPhase();
  const loadBounds: LoadBoundRow[] = [];
  for (const peak of peaks.values()) loadBounds.push(await boundOf(run, turns, peak));
  onPhase();
  const tunable = targets.map((untuned) => ({
    untuned,
    tuned: tunedTargets(run, untuned).map(({ target }) => target),
  }));
  const tuned = await turns.measure(tunedCells(tunable, settings));
  onPhase();
  return { ...rowsOf([...closed, ...atRates], tuned), loadBounds };
}

function peakRates(peaks: ReadonlyMap<string, Taken>): ReadonlyMap<string, number> {
  return new Map([...peaks].map(([target, { rounds }]) => [target, medianOf(ratesOf(rounds))]));
}
