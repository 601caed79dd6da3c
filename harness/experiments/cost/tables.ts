/** What one session takes, and how that grows with its activities. */
import { bytes, notMeasured, significant } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import { growthOf } from "./growth.ts";
import type { CostRow, CostRows } from "./rows.ts";

interface CostFigure {
  readonly name: string;
  readonly of: (row: CostRow) => number | null;
  readonly drawn: (value: number | null) => string;
}

const cpu = (value: number | null) => (value === null ? notMeasured : `${significant(value)} ms`);

const perSession: readonly CostFigure[] = [
  { name: "round trips", of: (row) => row.roundTripsPerSession, drawn: significant },
  { name: "on the wire", of: (row) => row.wireBytesPerSession, drawn: bytes },
  { name: "on disk", of: (row) => row.diskBytesPerSession, drawn: bytes },
  { name: "worker CPU", of: (row) => row.workerCpuMsPerSession, drawn: cpu },
  { name: "store CPU", of: (row) => row.storeCpuMsPerSession, drawn: cpu },
];

/** A target and number of activities a row. */
export function costTable({ cost }: CostRows): Table {
  const hasConnections = cost.some((row) => row.workerConnections !== null);
  return {
    title: "Cost of a session",
    headers: [
      "target and activities",
      "sessions",
      ...perSession.map(({ name }) => name),
      "worker memory: peak",
      "store memory: peak",
      ...(hasConnections ? ["connections: worker, client"] : []),
    ],
    rows: cost.map((row) => [
      `${row.target}, ${row.activities}`,
      row.flaw ?? String(row.sessions),
      ...perSession.map(({ of, drawn }) => drawn(of(row))),
      bytes(row.workerPeakBytes),
      bytes(row.storePeakBytes),
      ...(hasConnections
        ? [[row.workerConnections, row.clientConnections].map((each) => each ?? notMeasured).join(", ")]
        : []),
    ]),
    note: [
      "Per session, but for peaks and connections, which are of whole processes. Round trips, counted on sessions one by one, are the times that worker or " +
        "client waits for the store: on a real network each takes its time. Without faults, and without the witness, whose cost is not in it.",
      ...(hasConnections
        ? ["Connections are those to the store that were open when the last session had ended."]
        : []),
    ].join(" "),
  };
}

/** How each figure grows: a target a row, a figure a column. */
export function costGrowthTable({ cost }: CostRows): Table {
  const groups = [...Map.groupBy(cost, (row) => row.target)].filter(([, rows]) => rows.length > 1);
  return {
    title: "Cost by number of activities",
    headers: ["each further activity", ...perSession.map(({ name }) => name)],
    rows: groups.map(([target, rows]) => [target, ...perSession.map((figure) => growthCell(rows, figure))]),
    note:
      "Between the largest two numbers of activities that were measured. In brackets the exponent, which says how a figure grows above what a session with the fewest " +
      "takes: 1 where it is linear in the activities, about 2 where it is quadratic; it takes three numbers of activities.",
  };
}

function growthCell(rows: readonly CostRow[], { of, drawn }: CostFigure): string {
  const growth = growthOf(rows.map((row) => ({ size: row.activities, figure: of(row) })));
  return growth === null
    ? notMeasured
    : `${drawn(growth.perUnit)} (${growth.exponent?.toFixed(2) ?? notMeasured})`;
}

/** Which requests they are: a kind a row, a target and number of activities a column. */
export function requestTables({ cost }: CostRows): readonly Table[] {
  return [...Map.groupBy(cost, (row) => row.target)].map(([target, rows]) => ({
    title: `Requests per session of ${target}`,
    headers: ["request", ...rows.map(({ activities }) => `activities: ${activities}`)],
    rows: [...new Set(rows.flatMap(({ requests }) => requests?.map(({ kind }) => kind) ?? []))].map(
      (kind) => [
        kind,
        ...rows.map(({ requests }) =>
          requests === null
            ? notMeasured
            : significant(requests.find((each) => each.kind === kind)?.perSession ?? 0),
        ),
      ],
    ),
    note: null,
  }));
}
