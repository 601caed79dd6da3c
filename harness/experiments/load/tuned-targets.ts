/**
 * A target as its engine's expert tunes it, each thing alone and all of them together. They are measured beside the untuned one in
 * the same run, and their rows stand in a table of their own: nothing that is vanilla is compared with them.
 */
import { editedTarget } from "../../engines/edited-copy.ts";
import type { Tuning } from "../../engines/tuning.ts";
import { tuned } from "../../report/target-name.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../run/target.ts";
import { engineOf } from "../../targets/targets.ts";

export interface TunedTarget {
  /** Named by the untuned one and by what is turned, such as `engine@store, name of the tuning`. */
  readonly target: Target;
  /** What is turned: one thing, or all that can be. */
  readonly tunings: readonly Tuning[];
}

/** The things that can be turned of a target, in the order of its engine's manifest. */
export function tuningsOf({ name, engine, external }: Target): readonly Tuning[] {
  const { tunings = [] } = engineOf({ engine });
  return tunings.filter(
    ({ stores, storeFlags }) =>
      (stores === undefined || stores.some((store) => name === `${engine}@${store}`)) &&
      (storeFlags === undefined || external === null),
  );
}

/**
 * A target for each thing alone, then one with all where there are several; made of copies in the run's folder, which go with it.
 * Once in a run for each target. @throws HarnessError when what is to be replaced does not stand where it should.
 */
export function tunedTargets(run: Run, target: Target): readonly TunedTarget[] {
  const tunings = tuningsOf(target);
  const alone = tunings.map((tuning) => tunedTarget(run, target, tuning.name, [tuning]));
  return tunings.length < 2 ? alone : [...alone, tunedTarget(run, target, "all together", tunings)];
}

function tunedTarget(run: Run, target: Target, what: string, tunings: readonly Tuning[]): TunedTarget {
  const name = tuned(target.name, what);
  const edits = tunings.flatMap((tuning) => tuning.edits);
  const flags = Object.assign({}, ...tunings.map(({ storeFlags }) => storeFlags));
  return {
    tunings,
    target: {
      ...editedTarget(run, target, `tuned ${name}`, { edits }),
      name,
      startStore: (settings) => target.startStore({ ...settings, flags }),
    },
  };
}
