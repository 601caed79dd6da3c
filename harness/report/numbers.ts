/** How a report writes a number. A figure that was not measured is a dash, never a zero. */
import type { VerdictValue } from "../checks/verdict.ts";
import type { Estimate } from "./schema-parts.ts";

export const notMeasured = "–";

/** How a report writes a verdict. */
export const glyphs: Readonly<Record<VerdictValue, string>> = { pass: "✓", fail: "✗", unknown: "?" };

/** `0.0421` → `4.2 %`. */
export function percent(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

/** `[0.042, 0.1357]` → `4.2–13.6 %`. */
export function percentRange([low, high]: readonly [number, number]): string {
  return `${(low * 100).toFixed(1)}–${percent(high)}`;
}

/** An upper bound on a rate, rounded up so that it stays one: `0.00994` → `≤ 1.0 %`. */
export function atMost(rate: number): string {
  return `≤ ${(Math.ceil(rate * 1000 - 1e-9) / 10).toFixed(1)} %`;
}

export function milliseconds(value: number | null): string {
  return value === null ? notMeasured : `${Math.round(value)} ms`;
}

/** What is said of rows that were played again, at the end of a sentence about them; nothing where none was. Pure. */
export function playedAgainIn(rows: readonly { readonly playedAgain: number }[]): string {
  const again = rows.filter(({ playedAgain }) => playedAgain > 0);
  const plays = again.reduce((sum, { playedAgain }) => sum + playedAgain, 0);
  if (again.length === 0) return "";
  return `; ${again.length} of them inconclusive at first, and played again, ${counted(plays, "time")} in all`;
}

export function seconds(valueMs: number): string {
  return `${(valueMs / 1000).toFixed(1)} s`;
}

/** Three digits that mean something, or all before the point: `0.0421` → `0.0421`, `820.4` → `820`. */
export function significant(value: number | null): string {
  if (value === null) return notMeasured;
  return value === 0 || Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** `{ value: 820.4, low95: 801, high95: 845 }` → `820 (801–845)`. */
export function estimateRange({ value, low95, high95 }: Estimate): string {
  return `${significant(value)} (${significant(low95)}–${significant(high95)})`;
}

/** `795` → `795 B`, `-12595` → `-12.3 KiB`. */
export function bytes(value: number | null): string {
  if (value === null) return notMeasured;
  const power = Math.min(3, Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10));
  return `${significant(value / 1024 ** power)} ${["B", "KiB", "MiB", "GiB"][power]}`;
}

export function gibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

/** `1 fault`, `2 faults`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
