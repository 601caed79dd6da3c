/** Whether a replay says what the run said that it replays: the same plan may meet other times, and other versions. */

import type { VerdictRow } from "../experiments/chaos/rows.ts";
import type { Results } from "../experiments/results.ts";
import { counted } from "../report/numbers.ts";

type Compared = Pick<Results, "verdicts" | "versions">;

/** One line that says how many verdicts agree, and one for each that does not and for each version that changed. Pure. */
export function agreementOf(earlier: Compared, again: Compared): readonly string[] {
  const pairs = earlier.verdicts.flatMap((then) => {
    const now = again.verdicts.find((row) => placeOf(row) === placeOf(then));
    return now === undefined ? [] : [{ then, now }];
  });
  const differing = pairs.filter(({ then, now }) => then.verdict !== now.verdict);
  const changed = Object.entries(earlier.versions).filter(
    ([name, version]) => name in again.versions && again.versions[name] !== version,
  );
  const agreeing = `${pairs.length - differing.length} of ${counted(pairs.length, "verdict")} are what they were`;
  return [
    pairs.length === 0 ? "Nothing was judged that the earlier run judged too." : `${agreeing}.`,
    ...differing.map(({ then, now }) => `${placeOf(then)}: ${then.verdict} then, ${now.verdict} now.`),
    ...changed.map(
      ([name, version]) =>
        `${name} was ${version ?? "not known"} then, is ${again.versions[name] ?? "not known"} now.`,
    ),
  ];
}

function placeOf({ invariant, target, mode }: VerdictRow): string {
  return `${invariant} on ${target}, ${mode}`;
}
