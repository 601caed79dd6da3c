/** The selftest: which broken variant was caught by what, what each defence is worth, and what raised a false alarm. */
import { glyphs, notMeasured, percent, percentRange, seconds } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { SelftestRow, SelftestRows } from "./rows.ts";

type Selftest = Pick<SelftestRows, "selftest">;

/** A broken variant a row. */
export function selftestTable({ selftest }: Selftest): Table {
  return {
    title: "Broken variants",
    headers: ["variant", "of", "defect", "must be caught by", "caught by", "faults", "took"],
    rows: selftest.map((row) => [
      `${glyphs[row.verdict]} ${row.variant}`,
      row.of,
      row.defect,
      row.expected,
      row.caughtBy.length === 0 ? "nothing" : row.caughtBy.join(", "),
      String(row.faults),
      seconds(row.wallMs),
    ]),
    note:
      "✓: caught by what names the defect. ✗: missed. ?: the provocation did not come about. What was done to each " +
      "stands in results.json.",
  };
}

/** What each defence takes, and what happens without it. */
export function defenceTable({ selftest }: Selftest): Table {
  return {
    title: "What each defence is worth",
    headers: ["defence", "of", "code lines", "under this", "violated without it", "violated with it"],
    rows: selftest.flatMap((row) =>
      row.defence === null
        ? []
        : [
            [
              row.defence.name,
              row.of,
              String(row.defence.lines),
              row.provocation,
              `${row.expected}: ${rateOf(row)}`,
              `${row.originalViolating} of ${row.originalProvoked}`,
            ],
          ],
    ),
    note:
      "Each session was hit at the very place that the defence is for, so the rate says what happens when that happens, not " +
      "how often it does. Code lines are those of the correct implementation that hold the defence's own words; intervals are 95 %.",
  };
}

/** What was played on correct targets, a row each. */
export function falseAlarmTable({ falseAlarms }: Pick<SelftestRows, "falseAlarms">): Table {
  return {
    title: "False alarms",
    headers: ["target", "runs", "played", "sessions", "faults", "disturbed", "played again", "alarms"],
    rows: falseAlarms.map((row) => [
      row.target,
      String(row.runs),
      row.what,
      String(row.sessions),
      String(row.faults),
      String(row.disturbed),
      String(row.playedAgain),
      `${glyphs[row.verdict]} ${row.alarms}${row.violated.length > 0 ? ` (${row.violated.join(", ")})` : ""}`,
    ]),
    note:
      "Correct targets, on which nothing may be found: any alarm is a fault of the harness, or a finding about the target. Disturbed " +
      "are runs in which the machine gave a worker no time for half a lease, which is as good as a fault: each was played " +
      "again alone, up to three times, and those that are left prove nothing. A run with an alarm is never played again.",
  };
}

function rateOf({ violating, provoked, rate95 }: SelftestRow): string {
  if (rate95 === null) return notMeasured;
  return `${violating} of ${provoked}, ${percent(violating / provoked)} (${percentRange(rate95)})`;
}
