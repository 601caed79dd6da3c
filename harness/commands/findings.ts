/** The command `findings`: plays what shows each finding, says which still reproduce, and keeps at which commit they did. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import { findingsNamed, fitting, usualTimeS } from "../findings/choose.ts";
import { exitCodeOf, isAsDeclared, notPlayed, type Played } from "../findings/outcome.ts";
import { play, whyNotHere } from "../findings/play.ts";
import { listTable, playedTable, withTrackRecord } from "../findings/tables.ts";
import { renderTable } from "../report/formats/terminal.ts";
import { repositoryRoot } from "../repository.ts";
import { commit } from "../run/machine.ts";
import { style } from "../run/run-experiments.ts";
import type { StoreOptions } from "../stores/kinds.ts";
import { knownEngines } from "../targets/targets.ts";

/** What commander makes of the command line. */
interface FindingsFlags {
  readonly only?: readonly string[];
  readonly all?: true;
  readonly list?: true;
  readonly record?: true;
  /** What a store of its own needs, and the variables that say the same to processes. */
  readonly stores: StoreOptions;
  readonly variables: Readonly<Record<string, string>>;
}

/** What the record is kept in, and what shows it; from the repository's root. */
const recordFile = join(repositoryRoot, "docs/findings.json");
const documentFile = join(repositoryRoot, "docs/findings.md");

/** Resolves with the exit code. @throws UsageError for what cannot be played or recorded. */
export async function runFindings(flags: FindingsFlags): Promise<number> {
  const all = knownEngines().flatMap(({ manifest }) => manifest.findings ?? []);
  const asked = findingsNamed(all, flags.only);
  if (flags.list) {
    console.log(renderTable(listTable(asked), style()));
    if (flags.record) record(all, [], "");
    return 0;
  }
  const at = flags.record ? await cleanCommit() : null;
  const reasons = await Promise.all(asked.map((finding) => whyNotHere(finding, flags.stores)));
  const playable = asked.filter((_, index) => reasons[index] === null);
  const isFree = flags.all || flags.only !== undefined;
  const chosen = isFree ? playable : fitting(playable, usualTimeS);
  const played: Played[] = [];
  for (const [index, finding] of asked.entries()) {
    const reason =
      reasons[index] ?? (chosen.includes(finding) ? null : "it does not fit ten minutes; --all plays it");
    if (reason === null) console.error(`${finding.id}: about ${finding.takesS} s`);
    const outcome = reason === null ? await play(finding, flags) : notPlayed(reason);
    played.push({ finding, outcome });
  }
  console.log(renderTable(playedTable(played), style()));
  if (at !== null) record(all, played, at);
  return exitCodeOf(played);
}

async function cleanCommit(): Promise<string> {
  const at = await commit();
  if (at !== null && !at.endsWith("-dirty")) return at;
  throw new UsageError(
    "What is checked out is no commit: files differ from it.",
    "Commit them first; --record then keeps that commit.",
  );
}

/** Writes record and document anew, with this commit for what reproduced. */
function record(all: Parameters<typeof findingsNamed>[0], played: readonly Played[], at: string): void {
  const before: Record<string, string> = JSON.parse(readFileSync(recordFile, "utf8"));
  const shown = played.filter((each) => each.outcome.kind === "reproduces" && isAsDeclared(each));
  const now = { ...before, ...Object.fromEntries(shown.map(({ finding }) => [finding.id, at])) };
  const kept = Object.fromEntries(all.flatMap(({ id }) => (now[id] === undefined ? [] : [[id, now[id]]])));
  writeFileSync(recordFile, `${JSON.stringify(kept, null, 2)}\n`);
  writeFileSync(documentFile, withTrackRecord(readFileSync(documentFile, "utf8"), all, kept));
}
