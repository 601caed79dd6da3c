/** What surviving power loss costs: a target and durability a row. */

import { notMeasured } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import { durabilityLimits } from "../../stores/durability-limits.ts";
import type { DurabilityRows } from "./rows.ts";

export function durabilityTable({ durability }: DurabilityRows): Table {
  return {
    title: "Durability",
    headers: [
      "target and durability",
      "syncs per session",
      "sessions/s: slowest",
      "median",
      "fastest",
      "of process",
    ],
    rows: durability.map((row) => {
      const process = durability.find(
        (other) => other.target === row.target && other.durability === "process",
      );
      return [
        `${row.target}, ${row.durability}`,
        row.syncsPerSession === null ? notMeasured : row.syncsPerSession.toFixed(2),
        ...[row.slowest, row.median, row.fastest].map((rate) => rate.toFixed(0)),
        process === undefined || process.median === 0
          ? notMeasured
          : (row.median / process.median).toFixed(2),
      ];
    }),
    note:
      "process: an acknowledged step survives SIGKILL of any process; everysec: power loss too, but for the last second or two; fsync: power loss. " +
      `A target without a row for one of them cannot be asked for it: ${Object.values(durabilityLimits).join(", ")}. ` +
      "Syncs were counted in a round of their own, by the store where it counts them, else by strace. Sessions with three activities, all started at once, with the witness.",
  };
}
