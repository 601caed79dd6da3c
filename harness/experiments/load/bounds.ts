/** What bounds each target, as a table and in a sentence. */
import { counted, notMeasured, percent, significant } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { LoadBoundRow, LoadRows } from "./rows.ts";

const bounds: Readonly<Record<LoadBoundRow["boundBy"], (row: LoadBoundRow) => string>> = {
  processors: ({ cores }) => `the machine's ${cores} processors`,
  client: () => "the client that starts its sessions, which is one process",
  store: () => "its store, which answers by one thread",
  workers: ({ workers }) => (workers === 1 ? "the thread of its worker" : "the threads of its workers"),
  waiting: () => "waiting, and not by a processor",
  unknown: () => "what the system does not say",
};

export function boundTable({ loadBounds }: Pick<LoadRows, "loadBounds">): Table {
  return {
    title: "Load, what bounds each target",
    headers: [
      "target",
      "clients",
      "bound by",
      "processors: workers",
      "store",
      "client",
      "a worker's time",
      "store alone, requests/s",
      "limit, sessions/s",
      "peak ÷ limit",
    ],
    rows: loadBounds.map((row) => [
      row.target,
      String(row.clients),
      row.boundBy,
      ...[row.workerProcessors, row.storeProcessors, row.clientProcessors].map(significant),
      row.parts === null
        ? notMeasured
        : row.parts.map(({ part, share }) => `${part} ${percent(share)}`).join(", "),
      significant(row.requestsAlone),
      row.limit === null ? (row.whyNoLimit ?? notMeasured) : significant(row.limit),
      row.shareOfLimit === null ? notMeasured : percent(row.shareOfLimit),
    ]),
    note: [
      "Of the number of clients with which each target carried most, with the workers that meet every number of them. " +
        "Processors: how many were busy with it; a Node process uses one at most, but for garbage collection. A worker's time: from a CPU profile of one more round; a function without a file counts for its caller. " +
        "Limit: how many sessions per second the store could carry if it did nothing but answer as many requests as they make, of one kind, " +
        "with no engine there. Commands that scripts run are among a session's requests, and cost Redis less than one that comes by itself.",
      ...[...new Set(loadBounds.map(({ request }) => request))]
        .filter((request) => request !== null)
        .map((request) => `Asked alone: ${request}.`),
    ].join(" "),
  };
}

/** Why a target carries no more. Pure. */
export function boundSentence(row: LoadBoundRow): string {
  const { target, parts, workerProcessors, storeProcessors, clientProcessors } = row;
  const busy = [workerProcessors, storeProcessors, clientProcessors].map(significant);
  const [workers, store, client] = busy;
  const processors = `${workers} processors were busy with its workers, ${store} with its store, ${client} with the client`;
  const most = parts
    ?.filter(({ part }) => part !== "waiting")
    .toSorted((a, b) => b.share - a.share)
    .slice(0, 2)
    .map(({ part, share }) => `${part} (${percent(share)})`)
    .join(" and ");
  const code = most === undefined ? "" : `; most of its workers' time goes to ${most}`;
  return `At its peak with ${counted(row.workers, "worker")}, ${target} is bound by ${bounds[row.boundBy](row)}: ${processors}${code}.`;
}
