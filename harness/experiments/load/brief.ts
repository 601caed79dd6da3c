/** Load for a page with little room: a size of load a row. */
import { estimateRange } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { LoadRatioRow, LoadRows } from "./rows.ts";

/**
 * Sessions per second of the baseline, and the others' as multiples of it, at the number of workers with which both worlds
 * were measured. A size of load a row.
 */
export function loadInBrief({ load, loadRatios }: LoadRows): Table {
  const workers = (loadRatios.find(({ world }) => world === "witnessed") ?? loadRatios[0])?.workers;
  const ratios = loadRatios.filter((row) => row.workers === workers);
  const against = ratios[0]?.against ?? "";
  const targets = [...new Set(ratios.map(({ target }) => target))];
  const sizes = [...Map.groupBy(ratios, ({ clients, world }) => `${clients} ${world}`).values()];
  return {
    title: "Load, in brief",
    headers: [
      `with ${workers} workers`,
      `${against}: sessions/s`,
      ...targets.map((target) => `${target}: ratio`),
    ],
    rows: sizes.flatMap((rows) => {
      const [first] = rows;
      if (first === undefined) return [];
      const { clients, world } = first;
      const base = load.find(
        (row) =>
          row.target === against &&
          row.work === "lifecycle" &&
          row.workers === workers &&
          row.clients === clients &&
          row.world === world,
      );
      return [
        [
          `${clients} client${clients === 1 ? "" : "s"}, ${world === "witnessed" ? "witnessed" : "no-op world"}`,
          base === undefined ? "" : estimateRange(base.sessionsPerSecond),
          ...targets.map((target) => ratioCell(rows.find((row) => row.target === target))),
        ],
      ];
    }),
    note: null,
  };
}

function ratioCell(row: LoadRatioRow | undefined): string {
  if (row === undefined) return "";
  const ratio = `× ${estimateRange(row.ratio)}`;
  return row.warnings.length > 0 ? `${ratio}, no difference` : ratio;
}
