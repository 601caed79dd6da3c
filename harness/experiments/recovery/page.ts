/** How long things took, as whole distributions: recovery from faults, lateness of timers, and sessions from end to end. */
import * as Plot from "@observablehq/plot";
import type { PageContent } from "../../report/formats/html.ts";
import { counted, milliseconds, notMeasured } from "../../report/numbers.ts";
import { type Chart, chartFigure } from "../../report/page/figure.ts";
import { colourOf, keysOf, type Section, targetsIn } from "../../report/page/page-view.ts";
import { quantile, stepsOfShare } from "../../report/page/quantiles.ts";
import { tableView } from "../../report/page/table-view.ts";
import type { RunTimeline } from "../../report/timeline/timeline-schema.ts";
import { recoveryTable } from "../verdicts/fault-tables.ts";

export function recovery(content: PageContent): Section | null {
  const { results, timeline } = content;
  if (results.recovery.length === 0) return null;
  const leases = [...new Set(results.recovery.map(({ leaseMs }) => leaseMs))].sort((a, b) => a - b);
  const table = recoveryTable(results);
  return {
    id: "recovery",
    title: "Recovery",
    lead: "How long a session that a fault interrupted waited until somebody executed it again.",
    body: [
      ...leases.map((leaseMs) => {
        const runs = (timeline?.runs ?? []).filter((run) => run.leaseMs === leaseMs);
        return recoveryChart(content, runs, leaseMs);
      }),
      tableView(table),
    ],
  };
}

function recoveryChart(
  content: PageContent,
  runs: readonly RunTimeline[],
  leaseMs: number,
): HTMLElement | null {
  const intervals = runs.flatMap(({ target, recoveries }) =>
    recoveries
      .filter(({ censored }) => !censored)
      .map(({ recoveryMs, faultKind }) => ({ target, recoveryMs, faultKind })),
  );
  if (intervals.length === 0) return null;
  const targets = targetsIn(content, intervals);
  const of = (target: string) =>
    intervals.filter((each) => each.target === target).map(({ recoveryMs }) => recoveryMs);
  const longest = Math.max(2 * leaseMs, ...intervals.map(({ recoveryMs }) => recoveryMs));
  return chartFigure({
    title: `From the fault to the next execution, at a lease of ${milliseconds(leaseMs)}`,
    says: targets
      .map(
        (target) =>
          `${target}: ${counted(of(target).length, "interval")}, half of them within ${milliseconds(quantile(of(target), 0.5))}, the longest ${milliseconds(quantile(of(target), 1))}.`,
      )
      .join(" ")
      .concat(" The lines stand at one lease and at two."),
    keys: keysOf(content, targets),
    draw: (width) => ({
      height: 120 * targets.length + 60,
      marginLeft: 46,
      x: { label: "ms from the fault →", domain: [0, longest * 1.02], ticks: width < 500 ? 4 : 10 },
      y: { label: "↑ intervals", grid: true, ticks: 4 },
      fy: { domain: targets, axis: null, padding: 0.12 },
      marks: [
        Plot.rectY(
          intervals,
          Plot.binX<Plot.RectYOptions>(
            { y: "count" },
            {
              x: "recoveryMs",
              fy: "target",
              thresholds: 48,
              domain: [0, longest * 1.02],
              fill: ({ target }: { target: string }) => colourOf(content, target),
              tip: true,
            },
          ),
        ),
        Plot.ruleX([leaseMs, 2 * leaseMs], { stroke: "var(--muted)", strokeDasharray: "4 3" }),
        Plot.ruleY([0], { stroke: "var(--line)" }),
      ],
    }),
    numbers: {
      title: `Recovery at a lease of ${milliseconds(leaseMs)}`,
      ...quantileTable(
        [...Map.groupBy(intervals, ({ target, faultKind }) => `${target}, ${faultKind}`)].map(
          ([name, own]) => ({
            name,
            values: own.map(({ recoveryMs }) => recoveryMs),
          }),
        ),
        "target and fault",
      ),
    },
  });
}

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

function quantileTable(
  series: readonly { readonly name: string; readonly values: readonly number[] }[],
  first: string,
) {
  return {
    headers: [first, "count", "p50", "p95", "p99", "max"],
    rows: series.map(({ name, values }) => [
      name,
      String(values.length),
      ...[0.5, 0.95, 0.99, 1].map((share) =>
        values.length === 0 ? notMeasured : milliseconds(quantile(values, share)),
      ),
    ]),
    note: null,
  };
}
