/** Invariants × targets with their bounds, and how often each was violated where nothing is promised. */
import * as Plot from "@observablehq/plot";
import { glyphs, percent, percentRange } from "../../../report/numbers.ts";
import { type Child, h } from "../../../report/page/element.ts";
import { chartFigure } from "../../../report/page/figure.ts";
import { keysOf, type Section, targetsIn } from "../../../report/page/page-view.ts";
import { tableView } from "../../../report/page/table-view.ts";
import type { PageContent } from "../../../report/page-content.ts";
import { verdictAnchor } from "../decisions.ts";
import { legend } from "../legend.ts";
import type { ChaosRows, VerdictRow } from "../rows.ts";
import { boundIn, foundIn, type VerdictGrid, verdictGrids } from "../tables.ts";
import type { VerdictExtras } from "./violations.ts";

type Content = PageContent<ChaosRows, VerdictExtras>;

export function guarantees(content: Content): Section | null {
  const { verdicts } = content.results;
  if (verdicts.length === 0) return null;
  const experiments = [...new Set(verdicts.map(({ experiment }) => experiment))];
  const grids = verdictGrids({ verdicts });
  const unknown = reasonsOf(verdicts);
  return {
    id: "guarantees",
    title: "Guarantees",
    lead: "What had to hold in every session that a fault hit, and what was only measured because nobody can promise it.",
    body: [
      grids.map((grid) => [
        grids.length > 1 ? h("h3", {}, grid.table.title.replace("Invariants under", "Under")) : null,
        tableView(grid.table, {
          cellView: (row, column) => cell(content, grid, row, column),
          isFlushLeft: true,
        }),
      ]),
      unknown.length === 0
        ? null
        : h("div", { class: "callout" }, h("h3", {}, "What stayed unknown"), list(unknown)),
      h("details", { class: "numbers" }, h("summary", {}, "How to read a cell"), list(legend)),
      experiments.map((experiment) =>
        ratesChart(
          content,
          experiment,
          verdicts.filter((row) => row.experiment === experiment),
        ),
      ),
    ],
  };
}

/** Why verdicts stayed unknown: one reason of a target a line, with all that it is the reason of. */
function reasonsOf(verdicts: readonly VerdictRow[]): readonly string[] {
  const unknown = verdicts.filter(({ guaranteed, verdict }) => guaranteed && verdict === "unknown");
  const groups = Map.groupBy(
    unknown,
    ({ target, reason }) => `${target}: ${reason ?? "no reason was recorded"}`,
  );
  return [...groups].map(([reason, rows]) => {
    const ofModes = Map.groupBy(rows, ({ mode }) => mode);
    const named = [...ofModes].map(
      ([mode, own]) => `${mode} ${own.map(({ invariant }) => invariant).join(", ")}`,
    );
    return `${reason} (${named.join("; ")})`;
  });
}

function list(items: readonly string[]): HTMLElement {
  return h(
    "ul",
    { class: "plain" },
    items.map((item) => h("li", {}, item)),
  );
}

/** The invariant with its sentence, or a verdict in its colour; a violated one leads to what proves it. */
function cell(content: Content, { table, verdictAt }: VerdictGrid, at: number, column: number): Child {
  const invariant = table.rows[at]?.[0] ?? "";
  if (column === 0) return [invariant, h("small", {}, content.extras.sentences[invariant] ?? null)];
  const row = verdictAt(at, column);
  if (row === undefined) return null;
  const state = row.guaranteed ? row.verdict : "measured";
  const found = `${row.guaranteed ? `${glyphs[row.verdict]} ` : ""}${foundIn(row)}`;
  const leads = row.violations.length > 0;
  return [
    h("span", { class: `state ${state}` }, leads ? h("a", { href: `#${verdictAnchor(row)}` }, found) : found),
    h("small", {}, boundIn(row)),
  ];
}

type Measured = VerdictRow & { readonly rate95: readonly [number, number] };

function ratesChart(content: Content, experiment: string, rows: readonly VerdictRow[]): HTMLElement | null {
  const measured = rows.filter((row): row is Measured => row.rate95 !== null);
  if (measured.length === 0) return null;
  const targets = targetsIn(content, measured);
  const rateOf = ({ violatingExposed, exposed }: Measured) => violatingExposed / exposed;
  const invariants = [...new Set(measured.map(({ invariant }) => invariant))];
  const highest = measured.reduce((most, row) => (rateOf(row) > rateOf(most) ? row : most));
  return chartFigure({
    title: `Without keys${experiment === "chaos" ? "" : `, under ${experiment}`}: how often a fault leaves a trace twice`,
    says:
      `Share of the naive sessions that a fault of the kind hit and that broke the invariant, with its 95 % interval. ` +
      `The highest is ${highest.invariant} on ${highest.target}: ${percent(rateOf(highest))} (${percentRange(highest.rate95)}).`,
    keys: keysOf(content, targets),
    draw: (width) => ({
      height: 36 * invariants.length + 64,
      marginLeft: 112,
      x: {
        label: "sessions that broke it, % of those hit →",
        domain: [0, 100],
        grid: true,
        ticks: width < 500 ? 4 : 10,
      },
      y: { label: null, domain: targets, axis: null, padding: 0.1 },
      fy: { label: null, domain: invariants, padding: 0.35 },
      color: { domain: targets, range: keysOf(content, targets).map(({ colour }) => colour) },
      marks: [
        Plot.axisFy({ anchor: "left", label: null, fontSize: 12 }),
        Plot.ruleY(measured, {
          fy: "invariant",
          y: "target",
          x1: (row: Measured) => row.rate95[0] * 100,
          x2: (row: Measured) => row.rate95[1] * 100,
          stroke: "target",
          strokeWidth: 2,
          strokeOpacity: 0.55,
        }),
        Plot.dot(measured, {
          fy: "invariant",
          y: "target",
          x: (row: Measured) => rateOf(row) * 100,
          fill: "target",
          r: 4,
        }),
      ],
    }),
    numbers: {
      title: "Violation rates that were measured",
      headers: ["invariant and target", "mode", "broke it", "of those hit", "rate", "95 % interval"],
      rows: measured.map((row) => [
        `${row.invariant}, ${row.target}`,
        row.mode,
        String(row.violatingExposed),
        String(row.exposed),
        percent(rateOf(row)),
        percentRange(row.rate95),
      ]),
      note: null,
    },
  });
}
