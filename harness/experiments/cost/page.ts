/** What a session takes from machine and network, as it records more activities. */

import { h } from "../../report/page/element.ts";
import { lineChart } from "../../report/page/line-chart.ts";
import type { Section } from "../../report/page/page-view.ts";
import { tableView } from "../../report/page/table-view.ts";
import type { PageContent } from "../../report/page-content.ts";
import type { CostRow, CostRows } from "./rows.ts";
import { costGrowthTable, costTable, requestTables } from "./tables.ts";

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

export function cost(content: PageContent<CostRows>): Section | null {
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
