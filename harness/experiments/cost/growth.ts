/** How a figure grows with the size of what it is a figure of. */

export interface Sized {
  readonly size: number;
  /** Null where it was not measured. */
  readonly figure: number | null;
}

export interface Growth {
  /** `e` of `figure ∝ size ^ e` above what is spent whatever the size: 1 where it is linear, about 2 where it is quadratic. Null where two sizes are all, or nothing grows. */
  readonly exponent: number | null;
  /** By how much the figure grows with each more of size, between the largest two. */
  readonly perUnit: number;
}

/**
 * The growth between the largest two sizes, counted from the smallest. What is spent whatever the size would
 * otherwise hide it: 16 + 2 n has the exponent 0.84 between 20 and 100, and 1 between them when counted from 1. Null where there are
 * no two sizes, or one of the largest two figures was not measured. Pure.
 */
export function growthOf(points: readonly Sized[]): Growth | null {
  const sorted = points.toSorted((a, b) => b.size - a.size);
  const [larger, smaller, ...others] = sorted;
  if (larger === undefined || smaller === undefined || larger.size === smaller.size) return null;
  if (larger.figure === null || smaller.figure === null) return null;
  return {
    exponent: exponentOf(others.at(-1), smaller, larger),
    perUnit: (larger.figure - smaller.figure) / (larger.size - smaller.size),
  };
}

function exponentOf(smallest: Sized | undefined, smaller: Sized, larger: Sized): number | null {
  if (smallest === undefined || smallest.size === smaller.size) return null;
  if (smallest.figure === null || smaller.figure === null || larger.figure === null) return null;
  const [grown, grownMore] = [smaller.figure - smallest.figure, larger.figure - smallest.figure];
  if (grown <= 0 || grownMore <= 0) return null;
  return (
    Math.log(grownMore / grown) / Math.log((larger.size - smallest.size) / (smaller.size - smallest.size))
  );
}
