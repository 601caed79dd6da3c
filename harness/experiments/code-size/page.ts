/** What each implementation took to write: lines and statements by concern, what must be there beside the code, and the lifecycles side by side. */

import * as Plot from "@observablehq/plot";
import { h } from "../../report/page/element.ts";
import { chartFigure, keyList } from "../../report/page/figure.ts";
import { colourOf, phaseColour, phaseNames, type Section } from "../../report/page/page-view.ts";
import { tableView } from "../../report/page/table-view.ts";
import type { PageContent } from "../../report/page-content.ts";
import { phases } from "../../report/phase.ts";
import { byTheBook, engineBehind } from "../../report/target-name.ts";
import { anotherStore, concernsIn } from "./concerns.ts";
import type { LifecycleSource } from "./lifecycle-source.ts";
import type { CodeSizeRow, CodeSizeRows } from "./rows.ts";
import { codeSizeFilesTable, codeSizeTable, footprintTable, linesAndStatements } from "./tables.ts";

/** The code of one concern in one implementation. */
interface Bar {
  readonly implementation: string;
  readonly concern: string;
  readonly codeLines: number;
  /** Code lines, and statements in brackets. */
  readonly label: string;
}

export function codeSize(content: PageContent<CodeSizeRows>): Section | null {
  const { codeSize: rows, footprint } = content.results;
  const own = rows.filter(({ implementation }) => implementation !== "shared");
  if (own.length === 0 && footprint.length === 0) return null;
  return {
    id: "code-size",
    title: "Code size",
    lead: "What an engineer writes and keeps for each implementation, by the concern that it serves.",
    body: [
      own.length === 0 ? null : sizeChart(content, own),
      own.length === 0
        ? null
        : h(
            "details",
            { class: "numbers" },
            h("summary", {}, "File by file"),
            tableView(codeSizeFilesTable({ codeSize: rows })),
          ),
      footprint.length === 0 ? null : tableView(footprintTable({ footprint })),
    ],
  };
}

function sizeChart(content: PageContent, own: readonly CodeSizeRow[]): HTMLElement {
  const implementations = [...new Set(own.map(({ implementation }) => implementation))];
  const concerns = concernsIn(own);
  const of = (implementation: string, counts: (concern: string) => boolean) =>
    own.filter((row) => row.implementation === implementation && counts(row.concern));
  const bars = concerns.flatMap((concern) =>
    implementations.flatMap((implementation): readonly Bar[] => {
      const rows = of(implementation, (each) => each === concern);
      const label = linesAndStatements(rows);
      const codeLines = rows.reduce((sum, row) => sum + row.codeLines, 0);
      return label === null ? [] : [{ implementation, concern, codeLines, label }];
    }),
  );
  const colour = (implementation: string) => colourOfImplementation(content, implementation);
  return chartFigure({
    title: "Code lines (statements) by concern",
    says: implementations
      .map((implementation) => {
        const inAll = linesAndStatements(of(implementation, (concern) => concern !== anotherStore)) ?? "none";
        const beside = linesAndStatements(of(implementation, (concern) => concern === anotherStore));
        return `${implementation}: ${inAll} in all${beside === null ? "" : `, and ${beside} for ${anotherStore}`}.`;
      })
      .join(" "),
    keys: implementations.map((name) => ({ name, colour: colour(name) })),
    draw: () => ({
      height: concerns.length * (implementations.length * 18 + 14) + 56,
      marginLeft: 18 + 7 * Math.max(...concerns.map(({ length }) => length)),
      marginRight: 76,
      x: { label: "code lines →", grid: true },
      y: { label: null, domain: implementations, axis: null, padding: 0.15 },
      fy: { label: null, domain: concerns, padding: 0.22 },
      marks: [
        Plot.axisFy({ anchor: "left", label: null, fontSize: 12 }),
        Plot.barX(bars, {
          fy: "concern",
          y: "implementation",
          x: "codeLines",
          fill: ({ implementation }: Bar) => colour(implementation),
          rx2: 2,
        }),
        Plot.text(bars, {
          fy: "concern",
          y: "implementation",
          x: "codeLines",
          text: "label",
          dx: 5,
          textAnchor: "start",
          fill: "var(--muted)",
        }),
      ],
    }),
    numbers: codeSizeTable({ codeSize: own }),
  });
}

/** That of its engine, and paler where it is written by the book. */
function colourOfImplementation(content: PageContent, implementation: string): string {
  const engine = engineBehind(implementation);
  const colour = colourOf(content, engine);
  return implementation === byTheBook(engine) ? `color-mix(in srgb, ${colour} 50%, var(--surface))` : colour;
}

/** What is embedded for this section. */
export interface LifecycleExtras {
  readonly lifecycles: readonly LifecycleSource[];
}

export function lifecycles({ extras }: PageContent<unknown, LifecycleExtras>): Section | null {
  const { lifecycles: sources } = extras;
  if (sources.length === 0) return null;
  return {
    id: "lifecycles",
    title: "The lifecycles",
    lead: "The same session as each implementation has it in this checkout. Lines of one colour are about the same step.",
    body: [
      keyList(phases.map((phase) => ({ name: phaseNames[phase], colour: phaseColour(phase) }))),
      h("div", { class: "lifecycles" }, sources.map(lifecycle)),
    ],
  };
}

function lifecycle({ implementation, file, lines }: LifecycleSource): HTMLElement {
  return h(
    "section",
    { "aria-label": `Lifecycle of ${implementation}` },
    h("h3", {}, implementation, h("small", {}, file)),
    h("div", { class: "source" }, h("ol", {}, lines.map(line))),
  );
}

/** A line that is too long for its column goes on below itself, further in than it began. */
function line({ text, phase }: LifecycleSource["lines"][number]): HTMLElement {
  const indent = `--indent: ${text.length - text.trimStart().length}ch`;
  const code = h("code", { class: /^\s*(\/\/|\/?\*)/.test(text) ? "comment" : "" }, text === "" ? " " : text);
  return phase === null
    ? h("li", { style: indent }, code)
    : h(
        "li",
        { class: "of-step", style: `${indent}; --step: ${phaseColour(phase)}`, title: phaseNames[phase] },
        code,
      );
}
