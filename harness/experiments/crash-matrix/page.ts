/** The crash matrix as heat maps, one for each target: each cell is a place where a worker died, and opens the timeline of its case. */

import { glyphs, seconds } from "../../report/numbers.ts";
import { showInDialog } from "../../report/page/dialog.ts";
import { h } from "../../report/page/element.ts";
import { type Section, targetsIn } from "../../report/page/page-view.ts";
import { sessionStory } from "../../report/page/session-story.ts";
import { tableView } from "../../report/page/table-view.ts";
import type { PageContent } from "../../report/page-content.ts";
import type { CaseTimeline } from "../../report/timeline/timeline-schema.ts";
import type { CrashMatrixRow, CrashMatrixRows } from "./rows.ts";
import { crashMatrixTables } from "./tables.ts";

const modes = ["idempotent", "naive"] as const;
/** `early` and `late` are the wait's before and after. */
const sides = [
  { name: "before", points: ["before", "early"] },
  { name: "after", points: ["after", "late"] },
] as const;

export function crashMatrix(content: PageContent<CrashMatrixRows>): Section | null {
  const { crashMatrix: cells } = content.results;
  if (cells.length === 0) return null;
  const { timeline } = content;
  const slowest = Math.max(...cells.map(({ recoveredMs }) => recoveredMs ?? 0));
  return {
    id: "crash-matrix",
    title: "Crash matrix",
    lead:
      "A worker dies at one exact place, once for each cell, and the session must finish. " +
      (timeline === null ? "" : "Open a cell to see what happened in its case."),
    body: [
      h(
        "div",
        { class: "heats" },
        targetsIn(content, cells).map((target) => heatMap(content, target, cells, slowest)),
      ),
      heatLegend(slowest),
      h(
        "details",
        { class: "numbers" },
        h("summary", {}, "Numbers as a table"),
        crashMatrixTables({ crashMatrix: cells }).map((table) => [
          h("h3", {}, table.title),
          tableView(table),
        ]),
      ),
    ],
  };
}

/** A place a row, a mode and side a column. */
function heatMap(
  content: PageContent,
  target: string,
  cells: readonly CrashMatrixRow[],
  slowest: number,
): HTMLElement {
  const own = cells.filter((cell) => cell.target === target);
  const columns = modes.flatMap((mode) => sides.map((side) => ({ mode, side })));
  const cellAt = (place: string, { mode, side }: (typeof columns)[number]) => {
    const row = own.find(
      (each) =>
        each.mode === mode && each.step === place && side.points.some((point) => point === each.point),
    );
    return h("td", {}, row === undefined ? null : heatCell(content, row, slowest));
  };
  return h(
    "section",
    { "aria-label": `Crash matrix of ${target}` },
    h("h3", {}, target),
    h(
      "div",
      { class: "scroll heat", tabindex: 0, role: "region", "aria-label": `Cells of ${target}` },
      h(
        "table",
        {},
        h("caption", { class: "unseen" }, `Crash matrix of ${target}`),
        heatHead(columns.map(({ side }) => side.name)),
        h(
          "tbody",
          {},
          [...new Set(own.map(({ step }) => step))].map((place) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, place),
              columns.map((column) => cellAt(place, column)),
            ),
          ),
        ),
      ),
    ),
  );
}

function heatHead(sideNames: readonly string[]): HTMLElement {
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      h("td", { rowspan: 2 }),
      modes.map((mode) => h("th", { scope: "colgroup", colspan: sides.length }, mode)),
    ),
    h(
      "tr",
      {},
      sideNames.map((name) => h("th", { scope: "col" }, name)),
    ),
  );
}

function heatCell({ timeline }: PageContent, row: CrashMatrixRow, slowest: number): HTMLElement {
  const { verdict, recoveredMs, landed } = row;
  const story = timeline?.cases.find(
    ({ target, session }) => target === row.target && session.session === row.session,
  );
  const heat = slowest === 0 ? 0 : Math.round(((recoveredMs ?? 0) / slowest) * 100);
  const attributes = { class: `cell ${verdict}`, style: `--heat: ${heat}%` };
  const shown = [
    h("span", {}, `${glyphs[verdict]} ${recoveredMs === null ? "" : seconds(recoveredMs)}`),
    landed === 1 ? null : h("small", {}, `${landed}×`),
  ];
  if (story === undefined) return h("span", attributes, shown);
  const open = () => showInDialog(titleOf(row), caseStory(row, story));
  const words = h("span", { class: "unseen" }, `${titleOf(row)}: ${wordsOf(row)}`);
  return h("button", { ...attributes, type: "button", onclick: open }, shown, words);
}

function titleOf({ target, mode, step, point }: CrashMatrixRow): string {
  const when: Readonly<Record<string, string>> = {
    before: `before ${step}`,
    after: `after ${step}`,
    early: "early in the wait",
    late: "late in the wait",
  };
  const place = step === "completion" ? "before completion was stored" : when[point];
  return `Death ${place ?? point}, ${mode}, ${target}`;
}

function wordsOf({ verdict, landed, suppressed, executions, recoveredMs }: CrashMatrixRow): string {
  const verdicts = { pass: "passed", fail: "failed", unknown: "unknown: the crash did not happen" } as const;
  const recovered =
    recoveredMs === null
      ? "no sign of life came after it"
      : `the next sign of life came ${seconds(recoveredMs)} after it`;
  const again =
    suppressed === 0 ? "" : `, a repeat was suppressed ${suppressed === 1 ? "once" : `${suppressed} times`}`;
  return `${verdicts[verdict]}; ${recovered}; the step ran ${times(executions)}, its effect landed ${times(landed)}${again}`;
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

function caseStory(row: CrashMatrixRow, { session, workers, faults }: CaseTimeline): HTMLElement {
  const words = wordsOf(row);
  return h(
    "div",
    {},
    h("p", { class: "lead" }, `${glyphs[row.verdict]} ${words.charAt(0).toUpperCase()}${words.slice(1)}.`),
    sessionStory(session, workers, faults),
  );
}

function heatLegend(slowest: number): HTMLElement {
  return h(
    "div",
    { class: "heat-legend" },
    h("span", {}, "Next sign of life after the death:"),
    h("span", {}, "0 s"),
    h("span", { class: "ramp", "aria-hidden": "true" }),
    h("span", {}, seconds(slowest)),
    h("span", {}, "2×: the effect landed twice, which a session without keys may. Framed in red: failed."),
  );
}
