/** What a way costs in code: the lines that the next version adds or changes, and those of the old one that stay. Pure. */
import type { Edit } from "../../engines/edit.ts";
import { changeNames, type NextVersion, type SafeWay, type Way } from "../../engines/upgrade.ts";
import type { UpgradePrice } from "./rows.ts";

/** A row for each change. `textOf` reads a file of the engine's folder. */
export function pricesOf(
  target: string,
  plain: Way,
  safe: SafeWay,
  textOf: (file: string) => string,
): readonly UpgradePrice[] {
  const { says, oldCodeStays, goingBack } = safe;
  return changeNames.map((change) => {
    const { copies = [] } = safe.versions[change];
    return {
      target,
      change,
      plainLines: writtenIn(plain.versions[change]),
      safeLines: writtenIn(safe.versions[change]),
      oldLines: copies.reduce((sum, { from }) => sum + codeLinesOf(textOf(from)).length, 0),
      says,
      oldCodeStays,
      goingBack,
    };
  });
}

function writtenIn({ edits }: NextVersion): number {
  return edits.reduce((sum, edit) => sum + writtenBy(edit), 0);
}

/** The lines that an edit puts there and that did not stand there. */
function writtenBy({ replace, by }: Edit): number {
  const stood = codeLinesOf(replace);
  return codeLinesOf(by).filter((line) => {
    const at = stood.indexOf(line);
    if (at !== -1) stood.splice(at, 1);
    return at === -1;
  }).length;
}

/** Lines that are neither empty nor a comment, without their indentation. */
function codeLinesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(\/\/|\/\*|\*)/.test(line));
}
