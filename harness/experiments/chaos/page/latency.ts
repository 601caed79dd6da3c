/** How late timers fired, and how long sessions took from end to end, as whole distributions. */
import * as Plot from "@observablehq/plot";
import { milliseconds } from "../../../report/numbers.ts";
import { type Chart, chartFigure } from "../../../report/page/figure.ts";
import { colourOf, type Section } from "../../../report/page/page-view.ts";
import { quantile, quantileTable, stepsOfShare } from "../../../report/page/quantiles.ts";
import type { PageContent } from "../../../report/page-content.ts";
import type { RunTimeline } from "../../../report/timeline/timeline-schema.ts";

/** Timers and whole sessions of the runs under faults. */
export function latency(content: PageContent): Section | null {
  const runs = (content.timeline?.runs ?? []).filter(
    ({ experiment }) => experiment !== "recovery-default-lease",
  );
  const [first] = runs;
  if (first === undefined) return null;
  const ofFirst = runs.filter(({ experiment }) => experiment === first.experiment);
  const charts = [
    shareChart(content, ofFirst, "latenessMs", {
      title: "How late timers fired",
      what: "later than its deadline the session expired",
      axis: "ms after the deadline →",
    }),
    shareChart(content, ofFirst, "busyMs", {
      title: "How long sessions took, without their idle window",
      what: "the session took from its call to its result, its idle window taken off",
      axis: "ms from call to result, without the idle window →",
    }),
  ].filter((chart) => chart !== null);
  if (charts.length === 0) return null;
  return {
    id: "latency",
    title: "Latency under faults",
    lead: `Of all sessions of ${first.experiment}, not of a sample: those that a fault hit, and those that none did.`,
    body: charts,
  };
}

interface Series {
  readonly name: string;
  readonly target: string;
  readonly isHit: boolean;
  readonly values: readonly number[];
}

/** Lines that say which share of the sessions was done by when: two sides, hit and not, can be told apart in one frame. */
function shareChart(
  content: PageContent,
  runs: readonly RunTimeline[],
  figure: "latenessMs" | "busyMs",
  { title, what, axis }: { readonly title: string; readonly what: string; readonly axis: string },
): HTMLElement | null {
  const series = runs
    .flatMap((run): readonly Series[] => [
      { name: `${run.target}, hit by a fault`, target: run.target, isHit: true, values: run[figure].hit },
      { name: `${run.target}, not hit`, target: run.target, isHit: false, values: run[figure].others },
    ])
    .filter(({ values }) => values.length > 0);
  if (series.length === 0) return null;
  const points = series.flatMap((each) => stepsOfShare(each.values).map((step) => ({ ...each, ...step })));
  const chart: Chart = {
    title,
    says: `How much ${what}. ${series.map(({ name, values }) => `${name}: half within ${milliseconds(quantile(values, 0.5))}, 99 % within ${milliseconds(quantile(values, 0.99))}.`).join(" ")}`,
    keys: series.map(({ name, target, isHit }) => ({
      name,
      colour: colourOf(content, target),
      shape: isHit ? "line" : "dashed",
    })),
    draw: (width) => ({
      height: 280,
      marginLeft: 46,
      x: {
        type: "symlog",
        constant: 20,
        label: axis,
        ticks: width < 500 ? [0, 100, 1000, 10_000] : [0, 10, 50, 100, 500, 1000, 5000, 10_000, 50_000],
        tickFormat: (ms: number) => String(ms),
        grid: true,
      },
      y: { label: "↑ share of sessions, %", domain: [0, 100], grid: true, ticks: 5 },
      marks: [
        Plot.line(points, {
          x: "value",
          y: ({ share }: { share: number }) => share * 100,
          z: "name",
          stroke: ({ target }: Series) => colourOf(content, target),
          strokeWidth: 1.8,
          strokeDasharray: undefined,
          curve: "step-after",
          filter: ({ isHit }: Series) => isHit,
        }),
        Plot.line(points, {
          x: "value",
          y: ({ share }: { share: number }) => share * 100,
          z: "name",
          stroke: ({ target }: Series) => colourOf(content, target),
          strokeWidth: 1.5,
          strokeDasharray: "4 3",
          curve: "step-after",
          filter: ({ isHit }: Series) => !isHit,
        }),
      ],
    }),
    numbers: { title, ...quantileTable(series, "target and sessions") },
  };
  return chartFigure(chart);
}
