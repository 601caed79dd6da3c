/** From results to all that a report says of them: the one loop over the experiments, whatever the format. Pure. */

import { isGuest } from "../engines/packages.ts";
import { notMeasured } from "../report/numbers.ts";
import { targetsThatRan } from "../report/of-targets.ts";
import type { Remarks, Report, Sentence } from "../report/report.ts";
import type { RunFacts } from "../report/run-facts.ts";
import type { Table } from "../report/table.ts";
import { partsOfTargetName } from "../report/target-name.ts";
import type { FoundRows } from "../run/run-experiments.ts";
import { knownEngines } from "../targets/targets.ts";
import { experiments } from "./index.ts";
import { factsAndRowsOf, type Results } from "./results.ts";
import { ranIn } from "./settings.ts";

export function reportOf(results: Results): Report {
  const { facts, rows } = factsAndRowsOf(results);
  const ran = ranIn(facts);
  return {
    facts,
    targets: facts.targets,
    judgesTargets: ran.some(({ injectsFaults }) => injectsFaults),
    sentences: facts.run.isUnfinished ? [unfinished, ...sentencesOf(facts, rows)] : sentencesOf(facts, rows),
    headline: ran.length > 1 ? headlineTable(facts, rows) : null,
    answer: ran.length > 1 ? answerTable(facts, rows) : null,
    overviews: filled(experiments.flatMap((each) => each.overviews(rows))),
    details: filled(experiments.flatMap((each) => each.details?.(rows) ?? [])),
    brief: filled([...experiments.flatMap((each) => each.brief?.(rows) ?? []), guestTable(facts, rows)]),
    figures: experiments.flatMap((each) => each.figures(rows)),
    decisions: experiments.flatMap((each) => each.decisions?.(rows) ?? []),
    ...remarksOf(rows),
  };
}

function filled(tables: readonly Table[]): readonly Table[] {
  return tables.filter((table) => table.rows.length > 0);
}

function remarksOf(rows: FoundRows): Remarks {
  const all = experiments.map((each) => each.remarks?.(rows) ?? {});
  return {
    legend: all.flatMap(({ legend = [] }) => legend),
    unknown: all.flatMap(({ unknown = [] }) => unknown),
    violated: all.flatMap(({ violated = [] }) => violated),
    smallestPlans: all.flatMap(({ smallestPlans = [] }) => smallestPlans),
  };
}

const unfinished: Sentence = {
  target: null,
  text: "This run ended before all of it was played: what is here came first, and nothing is said of the rest.",
};

/** What a reader takes away who reads nothing else: one sentence per target, and what is about none. */
function sentencesOf({ targets }: RunFacts, rows: FoundRows): readonly Sentence[] {
  const clausesOf = (target: string) => experiments.flatMap((each) => each.clause?.(rows, target) ?? []);
  const ofTargets = targets.map(({ name, status, reason }) => {
    if (status === "unavailable") return { target: name, text: `${name} is unavailable: ${reason}` };
    const clauses = clausesOf(name);
    return {
      target: name,
      text: `${name}: ${clauses.length === 0 ? "no guarantee was judged" : clauses.join("; ")}.`,
    };
  });
  const others = experiments
    .flatMap((each) => each.sentences?.(rows) ?? [])
    .map((text) => ({ target: null, text }));
  const isOfOthersAlone = others.length > 0 && targets.every(({ name }) => clausesOf(name).length === 0);
  return isOfOthersAlone ? others : [...ofTargets, ...others];
}

/** What a reader takes away who reads one table: a figure a row, a target a column, without those that no target has. */
function headlineTable(facts: RunFacts, rows: FoundRows): Table {
  const targets = targetsThatRan(facts);
  const lines = figuresOfHeadline(rows, targets);
  return {
    title: "At a glance",
    headers: ["", ...targets],
    rows: lines.map(({ what, cells }) => [what, ...cells.map((cell) => cell ?? notMeasured)]),
    note: null,
    hasTargetsAcross: true,
  };
}

/** The same of the figures that decide: a target a row. Guests have a table of their own, where they are not alone. */
function answerTable(facts: RunFacts, rows: FoundRows): Table {
  const all = targetsThatRan(facts);
  const ours = all.filter((target) => !isOfGuest(target));
  const deciding = (figure: ShownFigure) => figure.decidesAs !== undefined;
  return figuresByTarget("What decides", rows, ours.length > 0 ? ours : all, deciding);
}

function guestTable(facts: RunFacts, rows: FoundRows): Table {
  const guests = targetsThatRan(facts).filter(isOfGuest);
  return figuresByTarget("Guests, in brief", rows, guests, ({ isForGuests }) => isForGuests === true);
}

function figuresByTarget(
  title: string,
  rows: FoundRows,
  targets: readonly string[],
  isWanted: (figure: ShownFigure) => boolean,
): Table {
  const figures = figuresOfHeadline(rows, targets).filter(isWanted);
  return {
    title,
    headers: ["target", ...figures.map(({ decidesAs = "" }) => decidesAs)],
    rows: targets.map((target, index) => [
      target,
      ...figures.map(({ cells }) => cells[index] ?? notMeasured),
    ]),
    note: null,
  };
}

/** Whether the engine has packages of its own, that only those install who ask for it. */
function isOfGuest(target: string): boolean {
  const { engine } = partsOfTargetName(target);
  return knownEngines().some(({ name, folder }) => name === engine && isGuest(folder));
}

interface ShownFigure {
  readonly what: string;
  readonly decidesAs: string | undefined;
  readonly isForGuests: true | undefined;
  readonly cells: readonly (string | null)[];
}

function figuresOfHeadline(rows: FoundRows, targets: readonly string[]): readonly ShownFigure[] {
  return experiments
    .flatMap(({ headline = [] }) => headline)
    .map((figure) => ({
      what: figure.what(rows),
      decidesAs: figure.decidesAs,
      isForGuests: figure.isForGuests,
      cells: targets.map((target) => figure.of(rows, target)),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== null));
}
