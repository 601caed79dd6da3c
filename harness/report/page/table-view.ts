/** Tables on the page: each scrolls by itself where it is too wide, and can be taken along as Markdown or CSV. */
import type { Table } from "../table.ts";
import { copyButton } from "./copy.ts";
import { type Child, h } from "./element.ts";
import { tableAsCsv, tableAsMarkdown } from "./table-text.ts";

/** What stands in a cell instead of its text; null for its text. */
type CellView = (row: number, column: number) => Child;

interface TableLook {
  readonly cellView?: CellView;
  /** Whether all columns are flush left, because every cell is to be read and not compared. */
  readonly isFlushLeft?: boolean;
}

/** A column whose texts are longer than this holds words, not figures. */
const figureLength = 22;

export function tableView(
  table: Table,
  { cellView = () => null, isFlushLeft = false }: TableLook = {},
): HTMLElement {
  const { title, headers, rows, note } = table;
  const isFigures = headers.map(
    (_header, column) =>
      column > 0 && !isFlushLeft && !rows.some((row) => (row[column] ?? "").length > figureLength),
  );
  const kind = (column: number) => (isFigures[column] ? "figure" : "words");
  return framed(
    table,
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, title),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          headers.map((header, column) => h("th", { scope: "col", class: kind(column) }, headerView(header))),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row, at) =>
          h(
            "tr",
            {},
            row.map((text, column) =>
              column === 0
                ? h("th", { scope: "row" }, cellView(at, column) ?? text)
                : h("td", { class: kind(column) }, cellView(at, column) ?? text),
            ),
          ),
        ),
      ),
    ),
    note,
  );
}

/** Target above mode, and a target alone store below implementation where it must: nothing breaks where it has a hyphen. */
function headerView(header: string): Child {
  const [target, ...rest] = header.split(/(?<=,) /);
  if (target === undefined || !target.includes("@")) return header;
  if (rest.length > 0) return [h("span", { class: "line" }, target), ` ${rest.join(" ")}`];
  const at = target.indexOf("@");
  const unbroken = (text: string) => h("span", { class: "unbroken" }, text);
  return [unbroken(target.slice(0, at)), h("wbr"), unbroken(target.slice(at))];
}

/** Any drawing of a table, with the ways to copy it and what must be known to read it. */
function framed(table: Table, drawing: HTMLElement, note: string | null): HTMLElement {
  return h(
    "div",
    { class: "table" },
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": table.title }, drawing),
    h(
      "div",
      { class: "under" },
      note === null ? h("span", {}) : h("p", { class: "note" }, note),
      h(
        "div",
        { class: "copies" },
        copyButton("Markdown", `${table.title} as Markdown`, () => tableAsMarkdown(table)),
        copyButton("CSV", `${table.title} as CSV`, () => tableAsCsv(table)),
      ),
    ),
  );
}
