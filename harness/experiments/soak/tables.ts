/** Overload and soak: what waited and for how long, what became of the sessions, and what grew by how much. */
import { bytes, milliseconds, notMeasured, seconds, significant } from "../../report/numbers.ts";
import type { Table } from "../../report/table.ts";
import type { GrowthRow, OverloadRow, SoakRow, SoakRows } from "./rows.ts";

/** A target a row. */
export function overloadTable({ overload }: Pick<SoakRows, "overload">): Table {
  const [first] = overload;
  return {
    title: "Overload",
    headers: [
      "target",
      "peak, sessions/s",
      "started, sessions/s",
      "sessions",
      "failed",
      "backlog at the last start",
      "gone after",
      "latency: p50",
      "p99",
    ],
    rows: overload.map((row) => [
      row.target,
      significant(row.peakPerSecond),
      significant(row.ratePerSecond),
      String(row.begun),
      String(row.failed),
      row.backlog === null ? notMeasured : String(row.backlog),
      row.drainedMs === null ? notMeasured : seconds(row.drainedMs),
      milliseconds(row.p50Ms),
      milliseconds(row.p99Ms),
    ]),
    note: [
      `Each target alone, with ${first?.workers} workers and without faults, in a world that answers at once. Peak: with ${first?.clients} callers that wait for ` +
        "their sessions. Then sessions are started at half as much again, whether others have ended or not; the backlog is what had not ended at the last start, " +
        "and a latency counts from when a session was due to be started.",
      ...overload.flatMap(lateClient),
      ...overload.flatMap(whatWentWrong),
    ].join(" "),
  };
}

/** What a client was late by that is a process like any other, on the machine that its target runs on. */
function lateClient({ target, startingMs, begun, ratePerSecond }: OverloadRow): readonly string[] {
  if (startingMs === null || ratePerSecond === null) return [];
  const perSecond = (1000 * begun) / startingMs;
  return perSecond > 0.9 * ratePerSecond
    ? []
    : [`The client of ${target} came to ${significant(perSecond)} starts per second.`];
}

function whatWentWrong({
  target,
  failed,
  failure,
  stopped,
}: Pick<OverloadRow, "target" | "failed" | "failure" | "stopped">): readonly string[] {
  return [
    ...(failed === 0 ? [] : [`The first failure of ${target}: ${failure}.`]),
    ...(stopped === null ? [] : [`${target} was stopped: ${stopped}.`]),
  ];
}

/** A target a row. */
export function soakTable({ soak }: Pick<SoakRows, "soak">): Table {
  return {
    title: "Soak",
    headers: [
      "target",
      "for",
      "started, sessions/s",
      "kills",
      "sessions",
      "failed",
      "lost",
      "finished in a minute: least",
      "most",
    ],
    rows: soak.map((row) => [
      row.target,
      seconds(row.forMs),
      significant(row.ratePerSecond),
      String(row.kills),
      String(row.begun),
      String(row.failed),
      row.lost === null ? notMeasured : String(row.lost),
      ...[Math.min, Math.max].map((end) =>
        row.finishedPerMinute.length === 0 ? notMeasured : String(end(...row.finishedPerMinute)),
      ),
    ]),
    note: [
      "At half of its own peak, on a new store, each target alone. One of the workers is killed again and again, and started anew; the others live. Lost: sessions " +
        "that had not ended long after the last start. What those do that a kill hits is judged by chaos; here, nothing is witnessed.",
      ...soak.flatMap(whatWentWrong),
    ].join(" "),
  };
}

/** A target and figure a row. */
export function growthTable({ soak, growth }: Pick<SoakRows, "soak" | "growth">): Table {
  return {
    title: "Growth under soak",
    headers: [
      "target and figure",
      "lives",
      "first",
      "last",
      "per hour (95 % CI)",
      "includes 0",
      "per session",
    ],
    rows: growth.map((row) => [
      `${row.target}, ${row.what}`,
      String(row.lives),
      ...[row.samples[0], row.samples.at(-1)].map((sample) =>
        sample === undefined ? notMeasured : drawn(row, sample[1]),
      ),
      row.perHour === null
        ? notMeasured
        : `${signed(row, row.perHour.value)} (${signed(row, row.perHour.low95)} to ${signed(row, row.perHour.high95)})`,
      row.perHour === null ? notMeasured : includesZero(row.perHour) ? "yes" : "no",
      perSession(row, soak),
    ]),
    note: [
      "By how much it grows: the slope of a least-squares line, with its 95 % interval, which takes samples as independent. Where it includes 0, nothing shows that " +
        "it grows. Of a process that is killed, within its lives: a young process grows until its code is compiled and its heap is filled. Per session: the slope ÷ the sessions of an hour. A store grows " +
        "by what its engine keeps of sessions that have ended, and the disk by what is logged besides, until a log is rewritten.",
      ...soak.map(
        ({ target, keeps }) =>
          `${target} ${keeps === null ? "does not say what it keeps of them" : `keeps ${keeps}`}.`,
      ),
    ].join(" "),
  };
}

/** A minute a row, a target a column. */
export function minuteTable({ soak }: Pick<SoakRows, "soak">): Table {
  const longest = Math.max(0, ...soak.map(({ finishedPerMinute }) => finishedPerMinute.length));
  return {
    title: "Soak by minute",
    headers: ["sessions finished in minute", ...soak.map(({ target }) => target)],
    rows: Array.from({ length: longest }, (_, minute) => [
      String(minute + 1),
      ...soak.map(({ finishedPerMinute }) => String(finishedPerMinute[minute] ?? notMeasured)),
    ]),
    note: null,
    hasTargetsAcross: true,
  };
}

/** Whether a row's figure is memory or disk, and not a number of connections. */
export function isOfBytes({ what }: Pick<GrowthRow, "what">): boolean {
  return !what.startsWith("connections");
}

function drawn(row: Pick<GrowthRow, "what">, value: number): string {
  if (isOfBytes(row)) return bytes(value);
  return Number.isInteger(value) ? String(value) : significant(value);
}

function signed(row: Pick<GrowthRow, "what">, value: number): string {
  return `${value < 0 ? "" : "+"}${drawn(row, value)}`;
}

function includesZero({ low95, high95 }: NonNullable<GrowthRow["perHour"]>): boolean {
  return low95 <= 0 && 0 <= high95;
}

/** Of what a store keeps; nothing of other processes. */
function perSession(row: GrowthRow, soak: readonly SoakRow[]): string {
  const rate = soak.find(({ target }) => target === row.target)?.ratePerSecond ?? null;
  if (!row.what.startsWith("store") || row.perHour === null || rate === null) return "";
  return signed(row, row.perHour.value / (3600 * rate));
}
