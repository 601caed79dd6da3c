/** One figure of a run with all that tells it from the others: the row of `long-form.ts`. */
import type { VerdictRow } from "./results-schema.ts";

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
  readonly mode: VerdictRow["mode"] | null;
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
