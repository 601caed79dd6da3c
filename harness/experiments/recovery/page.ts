/** How long it took from a fault to the next execution, as whole distributions. */
import * as Plot from "@observablehq/plot";
import { counted, milliseconds } from "../../report/numbers.ts";
import { chartFigure } from "../../report/page/figure.ts";
import { colourOf, keysOf, type Section, targetsIn } from "../../report/page/page-view.ts";
import { quantile, quantileTable } from "../../report/page/quantiles.ts";
import { tableView } from "../../report/page/table-view.ts";
import type { PageContent } from "../../report/page-content.ts";
import type { RunTimeline } from "../../report/timeline/timeline-schema.ts";
import type { RecoveryRows } from "./rows.ts";
import { recoveryTable, wakeTable } from "./tables.ts";

export function recovery(content: PageContent<RecoveryRows>): Section | null {
  const { results, timeline } = content;
  if (results.recovery.length === 0) return null;
  const leases = [...new Set(results.recovery.map(({ leaseMs }) => leaseMs))].sort((a, b) => a - b);
  return {
    id: "recovery",
    title: "Recovery",
    lead: "How long a session that a fault interrupted waited until somebody executed it again.",
    body: [
      ...leases.map((leaseMs) => {
        const runs = (timeline?.runs ?? []).filter((run) => run.leaseMs === leaseMs);
        return recoveryChart(content, runs, leaseMs);
      }),
      tableView(recoveryTable(results)),
      ...(results.wakes.length === 0 ? [] : [tableView(wakeTable(results))]),
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
