/** Seeded draws: the same seed and stream give the same numbers on every machine. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A whole number between two bounds, both included. */
export type Draw = (from: number, to: number) => number;

/** Streams of one seed do not depend on each other: more draws from one change nothing in another. */
export function drawsOf(seed: number, stream: number): Draw {
  const random = xoroshiro128plus(seed ^ (stream * 0x9e3779b9));
  return (from, to) => uniformInt(random, from, to);
}

export function pick<T>(draw: Draw, items: readonly T[]): T {
  return items[draw(0, items.length - 1)] as T; // the index is in range; callers pass at least one item
}
