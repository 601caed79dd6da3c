/** How a report writes a number. A figure that was not measured is a dash, never a zero. */

export const notMeasured = "–";

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

export function seconds(valueMs: number): string {
  return `${(valueMs / 1000).toFixed(1)} s`;
}

export function gibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

/** `1 fault`, `2 faults`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
