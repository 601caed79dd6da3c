/**
 * What every chart has: a title, a sentence that says what it shows to who cannot see it, and its numbers as a table.
 * It is drawn to the width that it has, and again when that changes.
 */
import * as Plot from "@observablehq/plot";
import { printable } from "../printable.ts";
import type { Table } from "../table.ts";
import { type Child, h } from "./element.ts";
import { tableView } from "./table-view.ts";

/** What belongs to which colour. */
export interface Key {
  readonly name: string;
  readonly colour: string;
  /** How it is drawn, where that is not a filled square. */
  readonly shape?: "line" | "dashed" | "dot";
}

export interface Chart {
  readonly title: string;
  /** What a reader would see in it, in a sentence or two. */
  readonly says: string;
  readonly keys?: readonly Key[];
  readonly draw: (width: number) => Plot.PlotOptions;
  readonly numbers: Table;
}

export function chartFigure({ title, says, keys = [], draw, numbers }: Chart): HTMLElement {
  return h(
    "figure",
    {},
    h("h3", {}, title),
    keys.length > 0 ? keyList(keys) : null,
    drawnToWidth((width) => plotted(draw(width), width, `${title}. ${says}`)),
    h("figcaption", {}, says),
    h("details", { class: "numbers" }, h("summary", {}, "Numbers as a table"), tableView(numbers)),
  );
}

export function keyList(keys: readonly Key[]): HTMLElement {
  return h(
    "ul",
    { class: "keys" },
    keys.map(({ name, colour, shape = "square" }) =>
      h("li", {}, h("span", { class: `swatch ${shape}`, style: `--swatch: ${colour}` }), name),
    ),
  );
}

/** A container whose content is drawn as soon as it has a width, and again when that changes. */
export function drawnToWidth(draw: (width: number) => Child & Node): HTMLElement {
  const container = h("div", { class: "chart" });
  let drawnWidth = 0;
  new ResizeObserver(() => {
    const width = Math.floor(container.clientWidth);
    if (width === 0 || width === drawnWidth) return;
    drawnWidth = width;
    container.replaceChildren(draw(width));
  }).observe(container);
  return container;
}

/** One drawing, as an image with a text alternative. */
export function plotted(options: Plot.PlotOptions, width: number, alternative: string): SVGElement {
  const drawing = Plot.plot({
    width,
    marginTop: 26,
    marginRight: 16,
    marginBottom: 44,
    ...options,
    style: { background: "transparent", fontSize: "12px", fontFamily: "inherit", overflow: "visible" },
  });
  const svg = drawing instanceof SVGElement ? drawing : drawing.querySelector("svg");
  if (svg === null) throw new Error("a chart without a drawing");
  // An image is read as one: what the charts say of their parts is not allowed in it.
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", printable(alternative));
  return svg;
}
