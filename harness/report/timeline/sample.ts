/**
 * Which sessions a timeline shows when there are more than can be shown. Nothing is drawn by chance: the same history
 * gives the same sample, and what a reader looks for first is kept first.
 */

/** Sessions by what they are worth to a reader, each in order of start. */
export interface Ranked<Item> {
  readonly violating: readonly Item[];
  readonly hit: readonly Item[];
  readonly others: readonly Item[];
}

/**
 * At most `size` of them: all that violate something, then those that a fault hit, then others; where not all of a rank
 * fit, evenly spaced ones. A quarter of what the violating ones leave is kept for others, so that a run is not seen only
 * where it hurts. Pure.
 */
export function sampleOf<Item>(ranked: Ranked<Item>, size: number): Ranked<Item> {
  const violating = evenly(ranked.violating, size);
  const left = size - violating.length;
  const keptForOthers = Math.min(ranked.others.length, Math.floor(left / 4));
  const hit = evenly(ranked.hit, left - keptForOthers);
  return { violating, hit, others: evenly(ranked.others, left - hit.length) };
}

/** So many of the items, evenly spaced, in their order. Pure. */
function evenly<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return items.filter(
    (_item, index) =>
      Math.floor((index * count) / items.length) < Math.floor(((index + 1) * count) / items.length),
  );
}
