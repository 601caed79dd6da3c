/**
 * The clock of one worker, or of all of them, jumps by `offsetMs`, is off by that for `forMs`, and jumps back, as one does
 * that is set by hand and found by NTP. Whoever starts in such a slot meanwhile finds it as it is. The world's is always right.
 */
import { z } from "zod";
import { type Draw, pick } from "../../draw.ts";
import { drawLeases, durationMs, slot, timed, timedKind } from "./kind.ts";

/** Between these a clock is off, ms; the first of them as often as the others together. */
const ranges = [
  [300, 1_000],
  [300, 1_000],
  [300, 1_000],
  [1_000, 5_000],
  [5_000, 15_000],
  [15_000, 60_000],
] as const;

export const offsetMs = z.int().refine((ms) => ms !== 0, "a clock that is off by nothing is right");

export const clock = timedKind(
  z.strictObject({
    kind: z.literal("clock"),
    ...timed,
    slots: z.array(slot).min(1),
    offsetMs,
    forMs: durationMs,
  }),
  {
    harm: "zombie", // a lease may seem to have run out
    weight: 1,
    places: 2,
    draw: (draw, { workers, slots, leaseMs, nth }) => ({
      slots: nth % 3 === 1 ? Array.from({ length: workers }, (_, index) => index) : [pick(draw, slots)],
      offsetMs: drawOffset(draw),
      forMs: drawLeases(draw, leaseMs, 1.3, 3),
    }),
    victimsOf: ({ slots }) => slots.map((slot) => ({ kind: "worker", slot })),
    endOf: ({ atMs, forMs }) => atMs + forMs,
    setsWorkersClocks: true,
    whatItStops: () => ({ whom: "nobody", isTotal: false }),
    delaysByMs: ({ offsetMs }) => Math.abs(offsetMs),
    simplerForms: ({ slots: [first = 0, ...others], ...fault }) =>
      others.length === 0 ? [] : [{ ...fault, slots: [first] }],
    async inject({ slots, offsetMs, forMs }, { begin, end, delay, workers, clocks }) {
      const there = slots.map((slot) => workers.occupant(slot)).filter((worker) => worker !== null);
      await begin({ workers: there, how: howOf(offsetMs), shift: { slots, byMs: offsetMs } });
      clocks.moveWorkers(slots, offsetMs);
      await delay(forMs);
      clocks.moveWorkers(slots, -offsetMs);
      await end();
    },
  },
);

export function drawOffset(draw: Draw): number {
  const [from, to] = pick(draw, ranges);
  return (draw(0, 1) === 0 ? 1 : -1) * draw(from, to);
}

/** For the ledger, such as `+5000 ms`. */
export function howOf(offsetMs: number): string {
  return `${offsetMs > 0 ? "+" : ""}${offsetMs} ms`;
}
