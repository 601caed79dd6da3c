/** From results to all that a report says of them: the one loop over the experiments, whatever the format. Pure. */

import { notMeasured } from "../report/numbers.ts";
import type { Remarks, Report, Sentence } from "../report/report.ts";
import type { RunFacts } from "../report/run-facts.ts";
import type { Table } from "../report/table.ts";
import { isByTheBook } from "../report/target-name.ts";
import type { FoundRows } from "../run/run-experiments.ts";
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
    sentences: sentencesOf(facts, rows),
    headline: ran.length > 1 ? headlineTable(facts, rows) : null,
    answer: ran.length > 1 ? answerTable(facts, rows) : null,
    overviews: filled(experiments.flatMap((each) => each.overviews(rows))),
    details: filled(experiments.flatMap((each) => each.details?.(rows) ?? [])),
    brief: filled(experiments.flatMap((each) => each.brief?.(rows) ?? [])),
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
  const targets = targetsOfHeadline(facts);
  const lines = figuresOfHeadline(rows, targets);
  return {
    title: "At a glance",
    headers: ["", ...targets],
    rows: lines.map(({ what, cells }) => [what, ...cells.map((cell) => cell ?? notMeasured)]),
    note: null,
  };
}

/** The same of the figures that decide: a target a row. */
function answerTable(facts: RunFacts, rows: FoundRows): Table {
  const targets = targetsOfHeadline(facts);
  const deciding = figuresOfHeadline(rows, targets).filter(({ decidesAs }) => decidesAs !== undefined);
  return {
    title: "What decides",
    headers: ["target", ...deciding.map(({ decidesAs = "" }) => decidesAs)],
    rows: targets.map((target, index) => [
      target,
      ...deciding.map(({ cells }) => cells[index] ?? notMeasured),
    ]),
    note: null,
  };
}

/** An engine by the book has tables of its own. */
function targetsOfHeadline({ targets }: RunFacts): readonly string[] {
  return targets.filter(({ name, status }) => status === "ran" && !isByTheBook(name)).map(({ name }) => name);
}

function figuresOfHeadline(rows: FoundRows, targets: readonly string[]) {
  return experiments
    .flatMap(({ headline = [] }) => headline)
    .map((figure) => ({
      what: figure.what(rows),
      decidesAs: figure.decidesAs,
      cells: targets.map((target) => figure.of(rows, target)),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== null));
}
