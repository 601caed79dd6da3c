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
import { peaksOf, rowsOf, tunedRowsOf } from "./found.ts";
import type { LoadBoundRow, LoadRows } from "./rows.ts";
import { type LoadSettings, mainWorkersOf } from "./settings.ts";
import { tunedTargets } from "./tuned-targets.ts";
import { ratesOf, type Taken, Turns } from "./turns.ts";
import { boundOf } from "./why.ts";

/**
 * All targets in turns: with callers that wait, then at rates that follow from that, then what bounds each, then what tuning gives. A
 * standard load takes the better part of an hour, and what a part found is written before the next begins. Nothing else may run beside one.
 */
export function loadParts(targets: readonly Target[], settings: LoadSettings): readonly Part[] {
  /** What the first part measured, and the others follow from. */
  const closed: Taken[] = [];
  const peaks = () => peaksOf(closed, mainWorkersOf(settings));
  const main = part(
    "load",
    () => settings.workers.length,
    async (run, onCase) => {
      const turns = new Turns(run, settings, "load");
      const cells = closedCells(targets, settings);
      for (const own of Map.groupBy(cells, ({ setting }) => setting.workers).values()) {
        closed.push(...(await turns.measure(own)));
        onCase();
      }
      return rowsOf(closed);
    },
  );
  if (!settings.extras) return [main];
  const rates = part(
    "load at fixed rates",
    () => 1,
    async (run, onCase) => {
      const cells = rateCells(targets, peakRates(peaks()), settings);
      const taken = await new Turns(run, settings, "load-rates").measure(cells);
      onCase();
      return rowsOf(taken);
    },
  );
  const bounds = part(
    "what bounds each target",
    () => peaks().size,
    async (run, onCase) => {
      const turns = new Turns(run, settings, "load-bounds");
      const loadBounds: LoadBoundRow[] = [];
      for (const peak of peaks().values()) {
        loadBounds.push(await boundOf(run, turns, peak));
        onCase();
      }
      return { loadBounds };
    },
  );
  const tuned = part(
    "load, tuned",
    () => 1,
    async (run, onCase) => {
      const tunable = targets.map((untuned) => ({
        untuned,
        tuned: tunedTargets(run, untuned).map(({ target }) => target),
      }));
      const taken = await new Turns(run, settings, "load-tuned").measure(tunedCells(tunable, settings));
      onCase();
      return tunedRowsOf(taken, rowsOf(closed).loadAa);
    },
  );
  return [main, rates, bounds, tuned];
}

/** A part of a load that counts its cases while it goes on. */
function part(
  name: string,
  total: () => number,
  play: (run: Run, onCase: () => void) => Promise<Partial<LoadRows>>,
): Part {
  return async (run) => {
    const on = [{ name: `${name}, all targets in turns` }];
    const [found] = await withCaseCounts(on, total, (_, onCase) => play(run, onCase));
    return { ...found };
  };
}

function peakRates(peaks: ReadonlyMap<string, Taken>): ReadonlyMap<string, number> {
  return new Map([...peaks].map(([target, { rounds }]) => [target, medianOf(ratesOf(rounds))]));
}
