/**
 * Tables for a page with room for what decides and no more, such as the README: five targets fit on a screen, and everything
 * that is left out stands in the report of the same run. Their titles are the same however many targets ran.
 */
import { anotherStore, codeSizeTable } from "../experiments/code-size/tables.ts";
import { costTable } from "../experiments/cost/tables.ts";
import { sleeperTable } from "../experiments/idle-scale/tables.ts";
import { verdictCell, verdictGrids } from "../experiments/verdicts/tables.ts";
import { estimateRange, percent, percentRange } from "./numbers.ts";
import type { LoadRatioRow } from "./performance-schema.ts";
import type { Results, VerdictRow } from "./results-schema.ts";
import type { Table } from "./table.ts";

/** Pure. Those of what did not run have no rows. */
export function briefTablesOf(results: Results): readonly Table[] {
  return [
    guaranteesInBrief(results),
    withoutKeysInBrief(results),
    codeSizeInBrief(results),
    loadInBrief(results),
    costInBrief(results),
    sleepersInBrief(results),
    latenessInBrief(results),
  ];
}

type Verdicts = Pick<Results, "verdicts">;

/** What has to hold: sessions with keys under chaos. An invariant a row, a target a column. */
function guaranteesInBrief({ verdicts }: Verdicts): Table {
  return {
    ...chaosTable(verdicts, "idempotent", verdictCell),
    title: "Invariants under chaos, in brief",
  };
}

/** What is only measured: of the invariants, those that some target does not guarantee, and any that did not pass. */
function withoutKeysInBrief({ verdicts }: Verdicts): Table {
  const naive = verdicts.filter(({ mode }) => mode === "naive");
  const told = new Set(
    naive.filter((row) => !row.guaranteed || row.verdict !== "pass").map(({ invariant }) => invariant),
  );
  const rateOf = (row: VerdictRow | undefined) =>
    row === undefined || row.guaranteed || row.rate95 === null
      ? verdictCell(row)
      : `${percent(row.violatingExposed / row.exposed)} (${percentRange(row.rate95)})`;
  return {
    ...chaosTable(
      naive.filter(({ invariant }) => told.has(invariant)),
      "naive",
      rateOf,
    ),
    title: "Without keys under chaos, in brief",
  };
}

function chaosTable(
  verdicts: readonly VerdictRow[],
  mode: VerdictRow["mode"],
  tell: (row: VerdictRow | undefined) => string,
): Pick<Table, "headers" | "rows" | "note"> {
  const own = verdicts.filter((row) => row.experiment === "chaos" && row.mode === mode);
  const targets = [...new Set(own.map(({ target }) => target))];
  const [grid] = verdictGrids({ verdicts: own });
  return {
    headers: [`${mode} sessions`, ...targets],
    rows: (grid?.table.rows ?? []).map(([invariant = ""], row) => [
      invariant,
      ...targets.map((_target, column) => tell(grid?.verdictAt(row, column + 1))),
    ]),
    note: null,
  };
}

/** Code lines by concern; of the other two figures the sums. An implementation a column. */
function codeSizeInBrief({ codeSize }: Pick<Results, "codeSize">): Table {
  const whole = codeSizeTable({ codeSize });
  const implementations = whole.headers.slice(1).filter((_header, column) => column % 3 === 0);
  const figureOf = (row: readonly string[], figure: number) =>
    implementations.map((_name, column) => row[1 + column * 3 + figure] ?? "");
  const linesIn = (beside: boolean) =>
    whole.rows
      .filter(([concern = ""]) => concern.startsWith(anotherStore) === beside)
      .map((row) => [row[0] ?? "", ...figureOf(row, 0)]);
  const total = whole.rows.find(([concern]) => concern === "total");
  return {
    title: "Code size, in brief",
    headers: ["code lines by concern", ...implementations.map((name) => name.replace(/: .*/, ""))],
    rows:
      total === undefined || implementations.length === 0
        ? []
        : [
            ...linesIn(false),
            ...linesIn(true),
            ["statements in total", ...figureOf(total, 1)],
            ["gzip bytes in total", ...figureOf(total, 2)],
          ],
    note: null,
  };
}

const doubts: Readonly<Record<LoadRatioRow["warnings"][number], string>> = {
  "interval includes 1": "alike",
  "rounds drift": "drifting",
  "machine was busy": "busy",
};

/**
 * Sessions per second of the first target, and the others' as multiples of it, at the number of workers with which both worlds
 * were measured. A size of load a row.
 */
function loadInBrief({ load, loadRatios }: Pick<Results, "load" | "loadRatios">): Table {
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
  return [`× ${estimateRange(row.ratio)}`, ...row.warnings.map((warning) => doubts[warning])].join(", ");
}

/** Of sessions with the fewest activities that were measured, and with the most. */
function costInBrief({ cost }: Pick<Results, "cost">): Table {
  const sizes = cost.map(({ activities }) => activities);
  const ends = [Math.min(...sizes), Math.max(...sizes)];
  return {
    ...costTable({ cost: cost.filter(({ activities }) => ends.includes(activities)) }),
    title: "Cost of a session, in brief",
  };
}

/** Of each target the most sleepers that were measured. */
function sleepersInBrief({ idleScale }: Pick<Results, "idleScale">): Table {
  const most = [...Map.groupBy(idleScale, ({ target }) => target).values()].flatMap((rows) =>
    rows.toSorted((a, b) => b.sleepers - a.sleepers).slice(0, 1),
  );
  return { ...sleeperTable({ idleScale: most }), title: "Sleepers, in brief" };
}

/** How late they wake, a number of sleepers a row, a target a column: p50, p99 and the most. */
function latenessInBrief({ idleScale }: Pick<Results, "idleScale">): Table {
  const targets = [...new Set(idleScale.map(({ target }) => target))];
  const sizes = Map.groupBy(
    idleScale.toSorted((a, b) => a.sleepers - b.sleepers),
    ({ sleepers, due }) => `${sleepers}, ${due}`,
  );
  const whole = (ms: number | null) => (ms === null ? "–" : ms.toFixed(0));
  return {
    title: "Sleepers that wake, in brief",
    headers: ["lateness in ms: p50 / p99 / max", ...targets],
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
