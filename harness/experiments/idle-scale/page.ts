/** Many sessions asleep at once: how late they wake, and what they take while they sleep. */

import { h } from "../../report/page/element.ts";
import { lineChart } from "../../report/page/line-chart.ts";
import type { Section } from "../../report/page/page-view.ts";
import type { PageContent } from "../../report/page-content.ts";
import type { IdleScaleRow, IdleScaleRows } from "./rows.ts";
import { latenessTable, sleeperTable } from "./tables.ts";

export function idleScale(content: PageContent<IdleScaleRows>): Section | null {
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
