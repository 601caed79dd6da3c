/** What each side costs without load: sleepers, and what a session takes. */

import type { PageContent } from "../../report/formats/html.ts";
import { h } from "../../report/page/element.ts";
import { lineChart } from "../../report/page/line-chart.ts";
import type { Section } from "../../report/page/page-view.ts";
import { tableView } from "../../report/page/table-view.ts";
import type { CostRow, IdleScaleRow } from "../../report/performance-schema.ts";
import { latenessTable, sleeperTable } from "../idle-scale/tables.ts";
import { costGrowthTable, costTable, requestTables } from "./tables.ts";

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
