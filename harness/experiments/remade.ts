/**
 * A published run of which some parts were played again later: what a newer run found takes the place of what the older one
 * found of the same experiments and targets, and the results say so.
 */
import { UsageError } from "../errors.ts";
import { exitCodeOf } from "../report/decision.ts";
import type { RunFacts } from "../report/run-facts.ts";
import { untunedOf } from "../report/target-name.ts";
import type { FoundRows } from "../run/run-experiments.ts";
import type { Experiment } from "./experiment.ts";
import { reportOf } from "./report-of.ts";
import { factsAndRowsOf, type Results, resultsOf } from "./results.ts";
import { ranIn } from "./settings.ts";

/** Where a row belongs: most name their target, those of `load` two of them, and some their experiment too. */
interface Placed {
  readonly target?: string;
  readonly against?: string;
  readonly experiment?: string;
}

/**
 * Both runs as one. Rows that name no target, such as those of the code size, are replaced whole. Pure.
 * @throws UsageError where the newer run was played on another machine, or the older one does not say what it was told.
 */
export function withRemade(older: Results, newer: Results): Results {
  const before = factsAndRowsOf(older);
  const after = factsAndRowsOf(newer);
  for (const key of ["cpu", "cores"] as const) {
    if (before.facts.machine[key] !== after.facts.machine[key])
      throw new UsageError(
        `The two runs are of different machines: ${before.facts.machine[key]} and ${after.facts.machine[key]}.`,
        "Publish the newer run whole: npm run reference -- RUN.",
      );
  }
  if (before.facts.run.settings === undefined)
    throw new UsageError(
      "The published run was written by a version that did not store its settings.",
      "Publish the newer run whole: npm run reference -- RUN.",
    );
  const keys = Object.keys(before.rows);
  const rows = Object.fromEntries(
    keys.map((key) => {
      const newer = after.rows[key] ?? [];
      return [key, rowsWithRemade(before.rows[key] ?? [], newer, isRemade(key, newer, after.facts))];
    }),
  );
  const draft = resultsOf(factsOfBoth(before.facts, after.facts, playedIn(after)), rows);
  return { ...draft, run: { ...draft.run, exitCode: exitCodeOf(reportOf(draft)) } };
}

/**
 * Tells which rows of an array are out of date: those of which there is a newer one, and those of a target and an experiment that
 * were played again to the end, also where that found no row in their place.
 */
function isRemade(key: string, newer: FoundRows[string], facts: RunFacts): (row: Placed) => boolean {
  const played = facts.run.isUnfinished ? [] : ranIn(facts);
  const isOfPlayed = played.some(({ rows }) => Object.hasOwn(rows, key));
  const names = played.map(({ name }) => name);
  const targets = facts.targets.filter(({ status }) => status === "ran").map(({ name }) => name);
  return ({ target, against, experiment }) =>
    (isOfPlayed &&
      target !== undefined &&
      (experiment === undefined || names.includes(experiment)) &&
      (targets.includes(untunedOf(target)) || (against !== undefined && targets.includes(against)))) ||
    newer.some((row) => {
      const each = row as Placed; // every schema of rows allows these, and no others by these names
      return target === each.target && experiment === each.experiment;
    });
}

/** New rows stand where the first of those stood that they replace. */
function rowsWithRemade(
  older: FoundRows[string],
  newer: FoundRows[string],
  isReplaced: (row: Placed) => boolean,
): FoundRows[string] {
  const kept = (rows: FoundRows[string]) => rows.filter((row) => !isReplaced(row as Placed)); // likewise
  const at = older.findIndex((row) => isReplaced(row as Placed));
  return at === -1 ? [...older, ...newer] : [...kept(older.slice(0, at)), ...newer, ...kept(older.slice(at))];
}

/** The experiments of a run; of one that was ended early, those that found something. */
function playedIn({ facts, rows }: ReturnType<typeof factsAndRowsOf>): readonly Experiment[] {
  const ran = ranIn(facts);
  if (!facts.run.isUnfinished) return ran;
  return ran.filter((experiment) => Object.keys(experiment.rows).some((key) => (rows[key] ?? []).length > 0));
}

function factsOfBoth(before: RunFacts, after: RunFacts, played: readonly Experiment[]): RunFacts {
  const names = new Set(after.targets.map(({ name }) => name));
  const { command, seed, startedAt, wallMs, commit } = after.run;
  const { historyEntries: _, ...ofBefore } = before.run; // the histories are joined, too
  const remade = {
    experiments: played.map(({ name }) => name),
    targets: [...names],
    arguments: [command, ...withoutFolder(after.run.arguments)],
    seed,
    startedAt,
    wallMs,
    commit,
  };
  return {
    ...before,
    versions: { ...before.versions, ...after.versions },
    targets: [...before.targets.filter(({ name }) => !names.has(name)), ...after.targets],
    run: {
      ...ofBefore,
      settings: { ...before.run.settings, ...after.run.settings },
      remade: [...(before.run.remade ?? []).filter((older) => !isWithin(older, remade)), remade],
    },
  };
}

type Remade = NonNullable<RunFacts["run"]["remade"]>[number];

/** Whether nothing is left of what an older run brought. */
function isWithin(older: Remade, newer: Remade): boolean {
  return (
    older.experiments.every((name) => newer.experiments.includes(name)) &&
    older.targets.every((name) => newer.targets.includes(name))
  );
}

/** Where the files of a run went is of no use to whoever plays it again. */
function withoutFolder(words: readonly string[]): readonly string[] {
  const at = words.indexOf("--results");
  return at === -1 ? words : words.toSpliced(at, 2);
}
