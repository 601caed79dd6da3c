/** Which findings are played: those that were asked for, that this machine can play, and that fit the time. */
import type { Finding } from "../engines/finding.ts";
import { UsageError } from "../errors.ts";

/** What they may take together, s. */
export const usualTimeS = 600;

/** Those with these ids; all where none is named. @throws UsageError for an id that does not exist. Pure. */
export function findingsNamed(
  all: readonly Finding[],
  ids: readonly string[] | undefined,
): readonly Finding[] {
  const unknown = ids?.find((id) => !all.some((finding) => finding.id === id));
  if (unknown !== undefined)
    throw new UsageError(
      `Unknown finding "${unknown}".`,
      `Choose from: ${all.map(({ id }) => id).join(", ")}.`,
    );
  return ids === undefined ? all : all.filter(({ id }) => ids.includes(id));
}

/** Those among the playable ones, in order, that fit into the time together. Pure. */
export function fitting(playable: readonly Finding[], timeS: number): readonly Finding[] {
  let left = timeS;
  return playable.filter(({ takesS }) => {
    if (takesS > left) return false;
    left -= takesS;
    return true;
  });
}
