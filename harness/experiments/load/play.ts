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
import { closedCells, rateCells } from "./cell.ts";
import { peaksOf, rowsOf } from "./found.ts";
import type { LoadRows } from "./rows.ts";
import { type LoadSettings, mainWorkersOf } from "./settings.ts";
import { type Taken, Turns } from "./turns.ts";

/** Measures all targets in turns. Nothing else may run beside it. */
export function playLoad(targets: readonly Target[], settings: LoadSettings): Part {
  const all = { name: "load, all targets in turns" };
  const phases = settings.workers.length + (settings.extras ? 1 : 0);
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
  const found: Taken[] = [];
  for (const cells of Map.groupBy(
    closedCells(targets, settings),
    ({ setting }) => setting.workers,
  ).values()) {
    found.push(...(await turns.measure(cells)));
    onPhase();
  }
  if (settings.extras) {
    const workers = mainWorkersOf(settings);
    const peaks = new Map(
      [...peaksOf(found, workers)].map(([target, { rounds }]) => [
        target,
        medianOf(rounds.map(({ sessionsPerSecond }) => sessionsPerSecond)),
      ]),
    );
    found.push(...(await turns.measure(rateCells(targets, peaks, workers))));
    onPhase();
  }
  return rowsOf(found);
}
