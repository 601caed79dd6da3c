/** How a figure grows with the size of what it is a figure of. */

export interface Sized {
  readonly size: number;
  /** Null where it was not measured. */
  readonly figure: number | null;
}

export interface Growth {
  /** The two sizes that it was taken between. */
  readonly between: readonly [number, number];
  /** `e` of `figure ∝ size ^ e`: about 1 where it is linear, 2 where it is quadratic. Null where a figure is 0. */
  readonly exponent: number | null;
  /** By how much the figure grows with each more of size. */
  readonly perUnit: number;
}

/**
 * The growth between the largest two sizes: small sizes are ruled by what is spent whatever the size. Null where there are
 * no two sizes above 0, or one of these two figures was not measured. Pure.
 */
export function growthOf(points: readonly Sized[]): Growth | null {
  const [larger, smaller] = points.filter(({ size }) => size > 0).sort((a, b) => b.size - a.size);
  if (larger === undefined || smaller === undefined || larger.size === smaller.size) return null;
  if (larger.figure === null || smaller.figure === null) return null;
  return {
    between: [smaller.size, larger.size],
    exponent:
      smaller.figure > 0 && larger.figure > 0
        ? Math.log(larger.figure / smaller.figure) / Math.log(larger.size / smaller.size)
        : null,
    perUnit: (larger.figure - smaller.figure) / (larger.size - smaller.size),
  };
}
