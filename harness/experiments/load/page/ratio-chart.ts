/** How many times as fast other targets are as one: a row a size of load, in it a line a target, so that no two fall on one another. */
import * as Plot from "@observablehq/plot";
import { estimateRange } from "../../../report/numbers.ts";
import type { Chart } from "../../../report/page/figure.ts";
import { colourOf, keysOf, targetsIn } from "../../../report/page/page-view.ts";
import type { PageContent } from "../../../report/page-content.ts";
import type { LoadRatioRow } from "../rows.ts";

const ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
/** What is drawn of a ratio of nothing, which a logarithmic axis has no place for. */
const least = 0.01;

/** Ratios of one number of workers, all against the same target; 1 says that they are alike. */
export function ratioChart(
  content: PageContent,
  rows: readonly LoadRatioRow[],
  where: string,
): Omit<Chart, "numbers"> {
  const targets = targetsIn(content, rows);
  const against = rows[0]?.against ?? "";
  const sizes = [...new Set(rows.map(sizeOf))];
  const shown = rows.map((row) => ({
    target: row.target,
    size: sizeOf(row),
    value: Math.max(least, row.ratio.value),
    low: Math.max(least, row.ratio.low95),
    high: Math.max(least, row.ratio.high95),
  }));
  const [from, to] = [
    Math.min(0.5, ...shown.map(({ low }) => low * 0.9)),
    Math.max(2, ...shown.map(({ high }) => high * 1.1)),
  ];
  const stroke = ({ target }: { readonly target: string }) => colourOf(content, target);
  return {
    title: `Throughput ÷ that of ${against}${where}`,
    says: targets.map((target) => sentenceOf(target, rows)).join(" "),
    keys: keysOf(content, targets),
    draw: () => ({
      height: sizes.length * (targets.length * 14 + 14) + 64,
      marginLeft: 18 + 7 * Math.max(...sizes.map(({ length }) => length)),
      x: {
        type: "log",
        label: "ratio, 95 % interval; 1: alike →",
        grid: true,
        domain: [from, to],
        ticks: ticks.filter((tick) => tick >= from && tick <= to),
        tickFormat: String,
      },
      y: { label: null, domain: targets, axis: null, padding: 0.1 },
      fy: { label: null, domain: sizes, padding: 0.3 },
      marks: [
        Plot.axisFy({ anchor: "left", label: null, fontSize: 12 }),
        Plot.ruleX([1], { stroke: "var(--muted)", strokeDasharray: "4 3" }),
        Plot.ruleY(shown, {
          fy: "size",
          y: "target",
          x1: "low",
          x2: "high",
          stroke,
          strokeWidth: 2,
          strokeOpacity: 0.55,
        }),
        Plot.dot(shown, { fy: "size", y: "target", x: "value", fill: stroke, r: 4 }),
      ],
    }),
  };
}

function sizeOf({ clients, world }: LoadRatioRow): string {
  return `${clients} client${clients === 1 ? "" : "s"}${world === "witnessed" ? ", witnessed" : ""}`;
}

/** The smallest and the largest ratio of a target, and what is to be doubted in them. */
function sentenceOf(target: string, rows: readonly LoadRatioRow[]): string {
  const own = rows.filter((row) => row.target === target).sort((a, b) => a.ratio.value - b.ratio.value);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return "";
  const told = (row: LoadRatioRow) => `× ${estimateRange(row.ratio)} at ${sizeOf(row)}`;
  const doubted = own.filter(({ warnings }) => warnings.length > 0).length;
  const doubts = doubted === 0 ? "" : `; ${doubted} of ${own.length} with a warning, which the table names`;
  return `${target}: ${first === last ? told(first) : `from ${told(first)} to ${told(last)}`}${doubts}.`;
}
