/** Sleepers for a page with little room. */
import { notMeasured } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { IdleScaleRows } from "./rows.ts";
import { sleeperTable } from "./tables.ts";

/** Of each target the most sleepers that it put to sleep; where it did none, the most that were asked for. */
export function sleepersInBrief({ idleScale }: IdleScaleRows): Table {
  const most = [...Map.groupBy(idleScale, ({ target }) => target).values()].flatMap((rows) =>
    rows
      .toSorted((a, b) => Number(b.buildMs !== null) - Number(a.buildMs !== null) || b.sleepers - a.sleepers)
      .slice(0, 1),
  );
  return { ...sleeperTable({ idleScale: most }), title: "Sleepers, in brief" };
}

/** How late they wake, a number of sleepers a row, a target a column: p50, p99 and the most. */
export function latenessInBrief({ idleScale }: IdleScaleRows): Table {
  const targets = [...new Set(idleScale.map(({ target }) => target))];
  const sizes = Map.groupBy(
    idleScale.toSorted((a, b) => a.sleepers - b.sleepers),
    ({ sleepers, due }) => `${sleepers}, ${due}`,
  );
  const whole = (ms: number | null) => (ms === null ? notMeasured : ms.toFixed(0));
  return {
    title: "Sleepers that wake, in brief",
    headers: ["lateness in ms: p50 / p99 / max", ...targets],
    hasTargetsAcross: true,
    rows: [...sizes].map(([size, rows]) => [
      size,
      ...targets.map((target) => {
        const row = rows.find((each) => each.target === target);
        if (row === undefined) return "";
        return [row.latenessP50Ms, row.latenessP99Ms, row.latenessMaxMs].map(whole).join(" / ");
      }),
    ]),
    note: null,
  };
}
