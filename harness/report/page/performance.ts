/** What each side costs: throughput and latency under load, sleepers, and the cost of a session. */
import { costGrowthTable, costTable, requestTables } from "../cost-tables.ts";
import type { PageContent } from "../html.ts";
import { latenessTable, sleeperTable } from "../idle-scale-tables.ts";
import { latencyTable, loadRatioTable, loadTable } from "../load-tables.ts";
import type { CostRow, IdleScaleRow, LoadRatioRow, LoadRow } from "../performance-schema.ts";
import { h } from "./element.ts";
import { chartFigure } from "./figure.ts";
import { lineChart, ratioChart } from "./line-chart.ts";
import { keysOf, type Section } from "./page-view.ts";
import { tableView } from "./table-view.ts";

export function load(content: PageContent): Section | null {
  const rows = content.results.load;
  if (rows.length === 0) return null;
  const lifecycles = rows.filter(({ work, clients }) => work === "lifecycle" && clients !== null);
  const atFixedRates = rows.filter(({ work, clients }) => work === "lifecycle" && clients === null);
  const worlds = [...new Set(lifecycles.map(({ world }) => world))];
  const severalWorlds = worlds.length > 1;
  const severalWorkers = new Set(lifecycles.map(({ workers }) => workers)).size > 1;
  const nameOf = ({ target, world, workers }: LoadRow) =>
    [
      target,
      ...(severalWorlds ? [`${world} world`] : []),
      ...(severalWorkers ? [`${workers} workers`] : []),
    ].join(", ");
  const [numbers, latencies] = [loadTable({ load: rows }), latencyTable({ load: rows })];
  const common = {
    content,
    rows: lifecycles,
    nameOf,
    isDashed: ({ world }: LoadRow) => world === "witnessed",
    numbers,
  };
  const clients = {
    of: ({ clients: count }: LoadRow) => count ?? 0,
    label: "clients at once →",
    scale: "log",
  } as const;
  return {
    id: "load",
    title: "Load",
    lead: "Sessions per second and their latency as more callers start sessions at once, without faults. The sides were measured in turn.",
    body: [
      lineChart({
        ...common,
        title: "Throughput over concurrency",
        x: clients,
        y: {
          of: ({ sessionsPerSecond }) => sessionsPerSecond.value,
          label: "↑ sessions per second",
          unit: "sessions/s",
        },
        interval: ({ sessionsPerSecond: { low95, high95 } }) => [low95, high95],
      }),
      h("div", { class: "multiples" }, [
        lineChart({
          ...common,
          title: "Share of the engine's own ceiling",
          x: clients,
          y: {
            of: ({ shareOfCeiling }) => (shareOfCeiling === null ? null : shareOfCeiling * 100),
            label: "↑ requests, % of the ceiling's",
            unit: "%",
          },
        }),
        ...(["p50Ms", "p95Ms", "p99Ms"] as const).map((percentile) =>
          lineChart({
            ...common,
            title: `Latency of whole sessions, ${percentile.replace("Ms", "")}`,
            numbers: latencies,
            x: clients,
            y: { of: (row) => row[percentile], label: "↑ ms from start to result", unit: "ms" },
            small: true,
          }),
        ),
      ]),
      h("div", { class: "multiples" }, [
        ...(["p50Ms", "p99Ms"] as const).map((percentile) =>
          lineChart({
            ...common,
            rows: atFixedRates,
            title: `Latency at a fixed rate, ${percentile.replace("Ms", "")}`,
            numbers: latencies,
            x: {
              of: ({ ratePerSecond }: LoadRow) => ratePerSecond ?? 0,
              label: "sessions started per second →",
              scale: "linear",
            },
            y: { of: (row) => row[percentile], label: "↑ ms from when it was due", unit: "ms" },
            small: true,
          }),
        ),
      ]),
      ratios(content, content.results.loadRatios),
    ],
  };
}

function ratios(content: PageContent, rows: readonly LoadRatioRow[]): HTMLElement | null {
  if (rows.length === 0) return null;
  return chartFigure({
    ...ratioChart(rows),
    keys: keysOf(content, []),
    numbers: loadRatioTable({ loadRatios: rows }),
  });
}

export function idleScale(content: PageContent): Section | null {
  const rows = content.results.idleScale;
  if (rows.length === 0) return null;
  const ways = [...new Set(rows.map(({ due }) => due))];
  const numbers = sleeperTable({ idleScale: rows });
  const sleepers = {
    of: ({ sleepers: count }: IdleScaleRow) => count,
    label: "sleeping sessions →",
    scale: "log",
  } as const;
  const common = { content, nameOf: ({ target }: IdleScaleRow) => target, numbers, x: sleepers };
  const stopped = rows.filter((row) => row.stopped !== null);
  return {
    id: "idle-scale",
    title: "Sleepers",
    lead: "Many sessions asleep at once: how late they wake, and what they take while they sleep.",
    body: [
      h("div", { class: "multiples" }, [
        ...ways.flatMap((due) => {
          const own = rows.filter((row) => row.due === due);
          return (["latenessP50Ms", "latenessP99Ms"] as const).map((figure) =>
            lineChart({
              ...common,
              rows: own,
              numbers: latenessTable({ idleScale: rows }),
              title: `Lateness, ${figure === "latenessP50Ms" ? "p50" : "p99"}, due ${due}`,
              y: { of: (row) => row[figure], label: "↑ ms after the deadline", unit: "ms" },
              small: true,
            }),
          );
        }),
        lineChart({
          ...common,
          rows: rows.filter((row) => row.due === ways[0]),
          title: "Memory of the store for each sleeper",
          y: {
            of: (row) => (row.storeBytesPerSession === null ? null : row.storeBytesPerSession / 1024),
            label: "↑ KiB per sleeper",
            unit: "KiB",
          },
          small: true,
        }),
        lineChart({
          ...common,
          rows: rows.filter((row) => row.due === ways[0]),
          title: "Processor time while all sleep",
          y: { of: cpuOf, label: "↑ ms per second, store and workers", unit: "ms/s" },
          small: true,
        }),
      ]),
      stopped.length === 0
        ? null
        : h(
            "ul",
            { class: "plain" },
            stopped.map((row) =>
              h(
                "li",
                {},
                `${row.target}, ${row.sleepers} sleepers, ${row.due}: stopped, ${row.stopped ?? ""}`,
              ),
            ),
          ),
    ],
  };
}

function cpuOf({ storeCpuMsPerSecond, workerCpuMsPerSecond }: IdleScaleRow): number | null {
  return storeCpuMsPerSecond === null || workerCpuMsPerSecond === null
    ? null
    : storeCpuMsPerSecond + workerCpuMsPerSecond;
}

/** The figures of a session's cost that are drawn, each in a small chart. */
const costs: readonly {
  readonly title: string;
  readonly label: string;
  readonly unit: string;
  readonly of: (row: CostRow) => number | null;
}[] = [
  {
    title: "Round trips",
    label: "↑ per session",
    unit: "round trips",
    of: (row) => row.roundTripsPerSession,
  },
  {
    title: "Bytes on the wire",
    label: "↑ KiB per session",
    unit: "KiB",
    of: (row) => kibibytes(row.wireBytesPerSession),
  },
  {
    title: "Bytes written to disk",
    label: "↑ KiB per session",
    unit: "KiB",
    of: (row) => kibibytes(row.diskBytesPerSession),
  },
  {
    title: "Processor time of the workers",
    label: "↑ ms per session",
    unit: "ms",
    of: (row) => row.workerCpuMsPerSession,
  },
  {
    title: "Processor time of the store",
    label: "↑ ms per session",
    unit: "ms",
    of: (row) => row.storeCpuMsPerSession,
  },
];

function kibibytes(bytes: number | null): number | null {
  return bytes === null ? null : bytes / 1024;
}

export function cost(content: PageContent): Section | null {
  const rows = content.results.cost;
  if (rows.length === 0) return null;
  return {
    id: "cost",
    title: "Cost of a session",
    lead: "What one session takes from machine and network, as it records more activities.",
    body: [
      h(
        "div",
        { class: "multiples" },
        costs.map(({ title, label, unit, of }) =>
          lineChart({
            content,
            rows,
            title,
            nameOf: ({ target }) => target,
            numbers: costTable({ cost: rows }),
            x: { of: ({ activities }) => activities, label: "activities of the session →", scale: "linear" },
            y: { of, label, unit },
            small: true,
          }),
        ),
      ),
      tableView(costGrowthTable({ cost: rows })),
      h(
        "details",
        { class: "numbers" },
        h("summary", {}, "Which requests a session is made of"),
        requestTables({ cost: rows }).map((table) => [h("h3", {}, table.title), tableView(table)]),
      ),
    ],
  };
}
