/**
 * One figure of a run with all that tells it from the others: the form that a spreadsheet can filter and pivot, and in
 * which two runs can be laid side by side.
 */
import type { SessionMode } from "../plan/plan-schema.ts";
import type { Estimate, Percentiles } from "./schema-parts.ts";

/** What a figure may be used for. */
export type FigureKind =
  /** `pass`, `fail` or `unknown`, where that decides the exit code. */
  | "verdict"
  /** Of the exposed sessions, how many violated an invariant. */
  | "rate"
  /** Depends on the machine. */
  | "performance"
  /** Depends on the code alone. */
  | "size"
  /** Of one case, and so no sample of anything. */
  | "case"
  /** How much was looked at, or asked for. */
  | "count"
  | "text";

export interface FigureRow {
  readonly kind: FigureKind;
  readonly experiment: string;
  /** `implementation@store`, or what else it is a figure of: an implementation, the harness. */
  readonly target: string;
  readonly mode: SessionMode | null;
  /** An invariant, a fault, a crash point, a claim, a file, a size of load. */
  readonly subject: string;
  readonly figure: string;
  /** Null where it could not be measured. */
  readonly value: number | string | null;
  /** Empty for counts and words. */
  readonly unit: "" | "share" | "ratio" | "ms" | "bytes" | "1/s" | "ms/s";
  readonly interval95: readonly [number, number] | null;
}

/** What a figure is about. */
export type Place = Pick<FigureRow, "experiment" | "target" | "mode" | "subject">;

/** A figure with neither unit nor interval. */
export function plain(place: Place, kind: FigureKind, figure: string, value: FigureRow["value"]): FigureRow {
  return { ...place, kind, figure, value, unit: "", interval95: null };
}

/** Counts by their names. */
export function counts(place: Place, named: Readonly<Record<string, number>>): readonly FigureRow[] {
  return Object.entries(named).map(([figure, value]) => plain(place, "count", figure, value));
}

/** A figure that depends on the machine. */
export function measured(
  place: Place,
  figure: string,
  value: number | null,
  unit: FigureRow["unit"] = "",
): FigureRow {
  return { ...plain(place, "performance", figure, value), unit };
}

/** The same with its interval. */
export function estimated(
  place: Place,
  figure: string,
  { value, low95, high95 }: Estimate,
  unit: FigureRow["unit"],
): FigureRow {
  return { ...measured(place, figure, value, unit), interval95: [low95, high95] };
}

/** Percentiles, from one sample and so without an interval. */
export function percentiles(place: Place, { p50Ms, p95Ms, p99Ms, maxMs }: Percentiles): readonly FigureRow[] {
  return [
    measured(place, "p50", p50Ms, "ms"),
    measured(place, "p95", p95Ms, "ms"),
    measured(place, "p99", p99Ms, "ms"),
    measured(place, "max", maxMs, "ms"),
  ];
}
