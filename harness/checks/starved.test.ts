import { describe, expect, test } from "vitest";
import { wasStarved } from "./starved.ts";

const leaseMs = 1000;
/** Beats each 100 ms from 0 on, apart from those within the stalls. */
function beats(untilMs: number, stalls: readonly (readonly [from: number, to: number])[]) {
  const times = Array.from({ length: untilMs / 100 + 1 }, (_, index) => index * 100);
  const aliveAt = times.filter((at) => !stalls.some(([from, to]) => at > from && at < to));
  return { aliveAt, answeredInMs: aliveAt.map(() => 2), death: null };
}

describe("a worker was starved", () => {
  test.each<[string, readonly (readonly [number, number])[], boolean]>([
    ["never, while it beats ten times per lease", [], false],
    ["by a silence of more than half a lease", [[5000, 5600]], true],
    ["not by a silence of half a lease", [[5000, 5500]], false],
    [
      "by two shorter ones within a lease",
      [
        [5000, 5400],
        [5500, 5900],
      ],
      true,
    ],
    [
      "not by two shorter ones that lie apart",
      [
        [4000, 4400],
        [5500, 5900],
      ],
      false,
    ],
    ["by a silence in the lease before", [[3300, 3900]], true],
    ["not by a silence before that", [[2000, 2600]], false],
    ["not by a silence afterwards", [[6000, 6900]], false],
  ])("%s", (_, stalls, starved) => {
    expect(wasStarved(beats(8000, stalls), 4500, 6000, leaseMs)).toBe(starved);
  });

  test.each([
    [251, 5000, true],
    [250, 5000, false],
    [251, 2000, false],
  ])("by an answer that took %i ms and came at %i ms: %s", (tookMs, cameAt, starved) => {
    const { aliveAt } = beats(8000, []);
    const answeredInMs = aliveAt.map((at) => (at === cameAt ? tookMs : 2));
    expect(wasStarved({ aliveAt, answeredInMs, death: null }, 4500, 6000, leaseMs)).toBe(starved);
  });

  test("by a silence that its death ended", () => {
    const exited = {
      seq: "1-0",
      at: 5600,
      kind: "exited",
      worker: "w0#1",
      signal: "SIGKILL",
      code: null,
    } as const;
    expect(wasStarved({ ...beats(5000, []), death: exited }, 4500, 6000, leaseMs)).toBe(true);
  });
});
