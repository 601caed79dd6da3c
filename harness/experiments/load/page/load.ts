/**
 * Load: throughput and latency at rising concurrency, and each target against the baseline. One number of workers at a time:
 * all of them in one frame cannot be told apart.
 */
import { choice } from "../../../report/page/choice.ts";
import { type Child, h } from "../../../report/page/element.ts";
import { chartFigure } from "../../../report/page/figure.ts";
import { type LineChart, lineChart } from "../../../report/page/line-chart.ts";
import type { Section } from "../../../report/page/page-view.ts";
import { titled } from "../../../report/page/table-section.ts";
import type { PageContent } from "../../../report/page-content.ts";
import { boundTable } from "../bounds.ts";
import type { LoadRatioRow, LoadRow, LoadRows } from "../rows.ts";
import {
  latencyTable,
  loadAaTable,
  loadLeftOutTable,
  loadRatioTable,
  loadTable,
  loadTunedTable,
} from "../tables.ts";
import { ratioChart } from "./ratio-chart.ts";

export function load(content: PageContent<LoadRows>): Section | null {
  const { load: rows } = content.results;
  const workerCounts = [...new Set(rows.map(({ workers }) => workers))];
  const first = rows.find(({ world }) => world === "witnessed")?.workers ?? workerCounts[0];
  if (first === undefined) return null;
  const charts = h("div", {}, chartsOf(content, first));
  return {
    id: "load",
    title: "Load",
    lead: "Sessions per second and their latency as more callers start sessions at once, without faults. The targets took turns, each alone on the machine.",
    body: [
      workerCounts.length < 2
        ? null
        : h(
            "div",
            { class: "controls" },
            choice(
              "Workers",
              workerCounts.map((count) => ({ name: nameOfCount(count), value: count })),
              first,
              (count) => charts.replaceChildren(...chartsOf(content, count)),
            ),
          ),
      charts,
      ...titled(
        [loadAaTable, boundTable, loadTunedTable, loadLeftOutTable].map((table) => table(content.results)),
      ),
    ],
  };
}

function nameOfCount(workers: number): string {
  return workers === 1 ? "1 worker" : `${workers} workers`;
}

/** All of one number of workers. */
function chartsOf(content: PageContent<LoadRows>, workers: number): readonly HTMLElement[] {
  const { load: rows, loadRatios } = content.results;
  const own = rows.filter((row) => row.workers === workers);
  const where = `, ${nameOfCount(workers)}`;
  return [
    ...overClients(content, own, where),
    ...atFixedRates(content, own, where),
    ...ratios(
      content,
      loadRatios.filter((row) => row.workers === workers),
      where,
    ),
  ].filter((chart) => chart !== null);
}

const clients = {
  of: ({ clients: count }: LoadRow) => count ?? 0,
  label: "clients at once →",
  scale: "log",
} as const;

type Common = Pick<LineChart<LoadRow>, "content" | "nameOf" | "isDashed">;

function commonOf(content: PageContent, rows: readonly LoadRow[]): Common {
  const severalWorlds = new Set(rows.map(({ world }) => world)).size > 1;
  return {
    content,
    nameOf: ({ target, world }) => (severalWorlds && world === "witnessed" ? `${target}, witnessed` : target),
    isDashed: ({ world }) => world === "witnessed",
  };
}

function overClients(
  content: PageContent,
  rows: readonly LoadRow[],
  where: string,
): readonly (HTMLElement | null)[] {
  const lifecycles = rows.filter((row) => row.work === "lifecycle" && row.clients !== null);
  const common = { ...commonOf(content, lifecycles), rows: lifecycles, x: clients };
  const numbers = loadTable({ load: rows });
  return [
    lineChart({
      ...common,
      title: `Throughput over concurrency${where}`,
      numbers,
      y: {
        of: ({ sessionsPerSecond }) => sessionsPerSecond.value,
        label: "↑ sessions per second",
        unit: "sessions/s",
      },
      interval: ({ sessionsPerSecond: { low95, high95 } }) => [low95, high95],
    }),
    multiples([
      lineChart({
        ...common,
        title: `Share of the engine's own ceiling${where}`,
        numbers,
        y: {
          of: ({ shareOfCeiling }) => (shareOfCeiling === null ? null : shareOfCeiling * 100),
          label: "↑ requests, % of the ceiling's",
          unit: "%",
        },
        small: true,
      }),
      ...(["p50Ms", "p95Ms", "p99Ms"] as const).map((percentile) =>
        lineChart({
          ...common,
          title: `Latency of whole sessions, ${percentile.replace("Ms", "")}${where}`,
          numbers: latencyTable({ load: rows }),
          y: { of: (row) => row[percentile], label: "↑ ms from start to result", unit: "ms" },
          small: true,
        }),
      ),
    ]),
  ];
}

function atFixedRates(
  content: PageContent,
  rows: readonly LoadRow[],
  where: string,
): readonly (HTMLElement | null)[] {
  const atRates = rows.filter((row) => row.work === "lifecycle" && row.clients === null);
  if (atRates.length === 0) return [];
  return [
    multiples(
      (["p50Ms", "p99Ms"] as const).map((percentile) =>
        lineChart({
          ...commonOf(content, atRates),
          rows: atRates,
          title: `Latency at a fixed rate, ${percentile.replace("Ms", "")}${where}`,
          numbers: latencyTable({ load: rows }),
          x: {
            of: ({ ratePerSecond }) => ratePerSecond ?? 0,
            label: "sessions started per second →",
            scale: "linear",
          },
          y: { of: (row) => row[percentile], label: "↑ ms from when it was due", unit: "ms" },
          small: true,
        }),
      ),
    ),
  ];
}

function multiples(charts: readonly Child[]): HTMLElement {
  return h("div", { class: "multiples" }, charts);
}

/** A chart for each target that others were compared with: it is the first of the run. */
function ratios(content: PageContent, rows: readonly LoadRatioRow[], where: string): readonly HTMLElement[] {
  return [...Map.groupBy(rows, ({ against }) => against).values()].map((own) =>
    chartFigure({ ...ratioChart(content, own, where), numbers: loadRatioTable({ loadRatios: own }) }),
  );
}
