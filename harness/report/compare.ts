/**
 * What changed between two results. Verdicts may be compared always; performance only between runs of one machine and the
 * same versions (fairness rule 6), so that the reasons against it are part of the answer.
 */
import type { FigureRow } from "./figure-row.ts";
import {
  bytes,
  counted,
  gibibytes,
  milliseconds,
  notMeasured,
  percent,
  percentRange,
  significant,
} from "./numbers.ts";
import type { Report } from "./report.ts";
import type { RunFacts } from "./run-facts.ts";
import type { Table } from "./table.ts";

export interface Comparison {
  /** What both runs are, and every verdict, violation rate and size of code that differs. */
  readonly findings: readonly Table[];
  /** One line that says how many verdicts agree. */
  readonly agreement: string;
  /** A table for each experiment whose figures depend on the machine. */
  readonly performance: readonly Table[];
  /** Why `performance` compares what cannot be compared: each names what differs. Empty where it can. */
  readonly obstacles: readonly string[];
}

/** A figure that both have. */
interface Pair {
  readonly a: FigureRow;
  readonly b: FigureRow;
}

/** What of a report is compared. */
type Compared = Pick<Report, "facts" | "figures">;

/** What changed from `a` to `b`. Pure. */
export function comparisonOf(a: Compared, b: Compared): Comparison {
  const [ofA, ofB] = [a.figures, b.figures];
  const pairs = pairsOf(ofA, ofB);
  const verdicts = pairs.filter((pair) => pair.a.kind === "verdict");
  const obstacles = obstaclesOf(a.facts, b.facts);
  const only = (rows: readonly FigureRow[]) =>
    rows.filter(({ kind }) => kind === "verdict").length - verdicts.length;
  return {
    agreement:
      verdicts.length === 0
        ? "Nothing was judged in both."
        : `${verdicts.length - verdicts.filter(differs).length} of ${counted(verdicts.length, "verdict")} are the same in both; ${only(ofA)} only in A, ${only(ofB)} only in B.`,
    findings: filled([
      runsTable(a.facts, b.facts, obstacles),
      verdictTable(verdicts),
      rateTable(pairs),
      sizeTable(pairs),
    ]),
    performance: filled(performanceTables(pairs, obstacles)),
    obstacles,
  };
}

/** Whether two intervals have a point in common; null where one of the figures has none. Pure. */
export function intervalsOverlap(a: FigureRow["interval95"], b: FigureRow["interval95"]): boolean | null {
  if (a === null || b === null) return null;
  return a[0] <= b[1] && b[0] <= a[1];
}

/** What of the machine and the versions differs. A version that only one of them knows does not. */
function obstaclesOf(a: RunFacts, b: RunFacts): readonly string[] {
  const differing = (what: string, then: string, now: string) =>
    then === now ? [] : [`${what} is ${then} in A, ${now} in B`];
  return [
    ...differing("cpu", a.machine.cpu, b.machine.cpu),
    ...differing("cores", String(a.machine.cores), String(b.machine.cores)),
    // To a tenth of a GiB: from one boot to the next, the kernel leaves a few KiB more or less of the same memory.
    ...differing("memory", gibibytes(a.machine.memoryBytes), gibibytes(b.machine.memoryBytes)),
    ...differing("os", a.machine.os, b.machine.os),
    ...(a.run.leaseMs == null || b.run.leaseMs == null
      ? []
      : differing("lease", milliseconds(a.run.leaseMs), milliseconds(b.run.leaseMs))),
    ...Object.entries(a.versions).flatMap(([name, version]) =>
      name in b.versions ? differing(name, version ?? "not known", b.versions[name] ?? "not known") : [],
    ),
  ];
}

function pairsOf(ofA: readonly FigureRow[], ofB: readonly FigureRow[]): readonly Pair[] {
  const byPlace = new Map(ofB.map((row) => [placeOf(row), row]));
  return ofA
    .filter(({ kind }) => kind !== "text")
    .flatMap((a) => {
      const b = byPlace.get(placeOf(a));
      return b === undefined ? [] : [{ a, b }];
    });
}

function placeOf({ experiment, target, mode, subject, figure }: FigureRow): string {
  return JSON.stringify([experiment, target, mode, subject, figure]);
}

function differs({ a, b }: Pair): boolean {
  return a.value !== b.value;
}

function runsTable(a: RunFacts, b: RunFacts, obstacles: readonly string[]): Table {
  const rows: readonly (readonly [string, (facts: RunFacts) => string])[] = [
    ["command", ({ run }) => [run.command, ...run.arguments].join(" ")],
    ["started", ({ run }) => run.startedAt],
    ["profile", ({ run }) => run.profile],
    ["seed", ({ run }) => String(run.seed ?? "none")],
    ["lease", ({ run }) => (run.leaseMs == null ? "not known" : milliseconds(run.leaseMs))],
    ["commit", ({ run }) => run.commit ?? "not known"],
    ["exit code", ({ run }) => String(run.exitCode)],
  ];
  return {
    title: "What is compared",
    headers: ["run", "A", "B"],
    rows: rows.map(([name, of]) => [name, of(a), of(b)]),
    note:
      obstacles.length === 0
        ? "Both ran on one machine, with the same versions and lease."
        : `What differs: ${obstacles.join("; ")}.`,
  };
}

function verdictTable(pairs: readonly Pair[]): Table {
  return {
    title: "Verdicts that differ",
    headers: ["verdict", "A", "B"],
    rows: pairs.filter(differs).map(({ a, b }) => [`${a.experiment}: ${nameOf(a)}`, wordOf(a), wordOf(b)]),
    note: null,
  };
}

function rateTable(pairs: readonly Pair[]): Table {
  const violated = pairs.filter(({ a, b }) => a.kind === "rate" && (isAbove0(a) || isAbove0(b)));
  return {
    title: "Violation rates",
    headers: ["invariant", "A", "B", "intervals"],
    rows: violated.map(({ a, b }) => [`${a.experiment}: ${nameOf(a)}`, ...bothOf({ a, b }), overlapOf(a, b)]),
    note:
      "Of the exposed sessions, with the 95 % interval; of a guarantee, from 0 to its upper bound. Sessions that one fault hit together are " +
      "not independent, so the true intervals are wider. Intervals that overlap show no difference.",
  };
}

function sizeTable(pairs: readonly Pair[]): Table {
  return {
    title: "Code that differs in size",
    headers: ["file and figure", "A", "B", "B ÷ A"],
    rows: pairs
      .filter((pair) => pair.a.kind === "size" && differs(pair))
      .map((pair) => [
        `${nameOf(pair.a)}, ${pair.a.figure}`,
        ...bothOf(pair),
        ratioOf(pair.a.value, pair.b.value),
      ]),
    note: null,
  };
}

function performanceTables(pairs: readonly Pair[], obstacles: readonly string[]): readonly Table[] {
  const measured = pairs.filter(
    ({ a, b }) => a.kind === "performance" && !(a.value === null && b.value === null),
  );
  const mark = obstacles.length === 0 ? "" : " (not comparable)";
  return [...Map.groupBy(measured, ({ a }) => a.experiment)].map(([experiment, rows]) => ({
    title: `Performance, ${experiment}${mark}`,
    headers: ["figure", "A", "B", "B ÷ A", "intervals"],
    rows: rows.map(({ a, b }) => [
      `${nameOf(a)}, ${a.figure}`,
      ...bothOf({ a, b }),
      ratioOf(a.value, b.value),
      overlapOf(a, b),
    ]),
    note: [
      ...(obstacles.length === 0 ? [] : [`Shown by force, and no comparison: ${obstacles.join("; ")}.`]),
      "One run against one other: runs of the same code differ too. A figure without an interval is of one sample, and its difference may be chance.",
    ].join(" "),
  }));
}

function nameOf({ target, mode, subject }: FigureRow): string {
  return [target, ...(mode === null ? [] : [mode]), subject].join(", ");
}

function isAbove0({ value }: FigureRow): boolean {
  return typeof value === "number" && value > 0;
}

function bothOf({ a, b }: Pair): readonly [string, string] {
  return [wordOf(a), wordOf(b)];
}

/** A value with its unit, and its interval where it has one. */
function wordOf({ value, unit, interval95 }: FigureRow): string {
  if (value === null) return notMeasured;
  if (typeof value === "string") return value;
  if (unit === "bytes") return bytes(value);
  if (unit === "share") {
    return `${percent(value)}${interval95 === null ? "" : ` (${percentRange(interval95)})`}`;
  }
  const range = interval95 === null ? "" : ` (${interval95.map(significant).join("–")})`;
  const number = unit === "" && Number.isInteger(value) ? String(value) : significant(value);
  return `${number}${range}${unit === "" || unit === "ratio" ? "" : ` ${unit}`}`;
}

function ratioOf(a: FigureRow["value"], b: FigureRow["value"]): string {
  if (typeof a !== "number" || typeof b !== "number" || a <= 0 || b < 0) return notMeasured;
  return significant(b / a);
}

function overlapOf(a: FigureRow, b: FigureRow): string {
  const overlap = intervalsOverlap(a.interval95, b.interval95);
  if (overlap === null) return notMeasured;
  return overlap ? "overlap" : "apart";
}

function filled(tables: readonly Table[]): readonly Table[] {
  return tables.filter((table) => table.rows.length > 0);
}
