/** Lines over one figure, a line a target, with intervals where there are any: the shape of most of what costs something. */
import * as Plot from "@observablehq/plot";
import type { PageContent } from "../page-content.ts";
import type { Table } from "../table.ts";
import { chartFigure } from "./figure.ts";
import { colourOf } from "./page-view.ts";

export interface LineChart<Row extends { readonly target: string }> {
  readonly content: PageContent;
  readonly title: string;
  readonly rows: readonly Row[];
  /** Names the line that a row is on. */
  readonly nameOf: (row: Row) => string;
  readonly isDashed?: (row: Row) => boolean;
  readonly x: { readonly of: (row: Row) => number; readonly label: string; readonly scale: "log" | "linear" };
  /** Null where it was not measured: the line has a gap there. */
  readonly y: { readonly of: (row: Row) => number | null; readonly label: string; readonly unit: string };
  readonly interval?: (row: Row) => readonly [number, number];
  readonly numbers: Table;
  /** One of several that stand together. */
  readonly small?: boolean;
}

/** Nothing where nothing of it was measured. */
export function lineChart<Row extends { readonly target: string }>(
  chart: LineChart<Row>,
): HTMLElement | null {
  const { content, rows, nameOf, x, y, isDashed = () => false } = chart;
  const measured = rows.filter((row) => y.of(row) !== null).sort((a, b) => x.of(a) - x.of(b));
  if (measured.length === 0) return null;
  const lines = [...Map.groupBy(measured, nameOf)];
  return chartFigure({
    title: chart.title,
    says: lines.map(([name, own]) => `${name}: ${endsOf(own, chart)}.`).join(" "),
    keys: lines.map(([name, [row]]) => ({
      name,
      colour: row === undefined ? "" : colourOf(content, row.target),
      shape: row !== undefined && isDashed(row) ? "dashed" : "line",
    })),
    draw: (width) => plotOf(chart, measured, width),
    numbers: chart.numbers,
  });
}

function endsOf<Row extends { readonly target: string }>(
  own: readonly Row[],
  { x, y }: LineChart<Row>,
): string {
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return "";
  const at = (row: Row) => `${figure(y.of(row) ?? 0)} ${y.unit} at ${x.of(row)}`;
  return first === last ? at(first) : `${at(first)}, ${at(last)}`;
}

function plotOf<Row extends { readonly target: string }>(
  { content, nameOf, x, y, interval, isDashed = () => false, small = false }: LineChart<Row>,
  measured: readonly Row[],
  width: number,
): Plot.PlotOptions {
  const places = [...new Set(measured.map(x.of))];
  // A scale that holds one place alone has ticks beside it, and a logarithmic one leaves some out.
  const hasNamedPlaces = x.scale === "log" || places.length === 1;
  const colour = (row: Row) => colourOf(content, row.target);
  const intervals = interval === undefined ? [] : measured.map((row) => ({ row, ends: interval(row) }));
  const highest = Math.max(...measured.map((row) => y.of(row) ?? 0), ...intervals.map(({ ends }) => ends[1]));
  const line = (dashed: boolean) =>
    Plot.line(
      measured.filter((row) => isDashed(row) === dashed),
      {
        x: x.of,
        y: y.of,
        z: nameOf,
        stroke: colour,
        strokeWidth: 1.8,
        ...(dashed ? { strokeDasharray: "4 3" } : {}),
      },
    );
  return {
    height: small ? 220 : 320,
    marginLeft: 54,
    insetRight: 8,
    insetLeft: 8,
    x: { type: x.scale, label: x.label, ticks: 5 },
    y: { label: y.label, domain: [0, highest * 1.08 || 1], grid: true, ticks: 5 },
    marks: [
      hasNamedPlaces ? placesAxis(places, x.label, width) : null,
      Plot.ruleX(intervals, {
        x: ({ row }) => x.of(row),
        y1: ({ ends }) => ends[0],
        y2: ({ ends }) => ends[1],
        stroke: ({ row }) => colour(row),
        strokeWidth: 5,
        strokeOpacity: 0.3,
      }),
      line(false),
      line(true),
      Plot.dot(measured, {
        x: x.of,
        y: y.of,
        fill: colour,
        r: 3,
        title: (row: Row) => `${nameOf(row)}\n${figure(y.of(row) ?? 0)} ${y.unit} at ${x.of(row)}`,
        tip: true,
      }),
    ],
  };
}

/** An axis that names every place that was measured, with texts of its own. */
function placesAxis(places: readonly number[], label: string, width: number): Plot.Markish {
  const isTight = width < 420 && places.length > 6;
  const named = places.filter((_place, index) => !isTight || index % 2 === 0);
  return Plot.axisX(named, { text: (place: number) => String(place), label });
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
