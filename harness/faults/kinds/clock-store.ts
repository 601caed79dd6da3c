/** The store's clock jumps by `offsetMs`, is off by that for `forMs`, and jumps back; see `clock.ts`. */
import { z } from "zod";
import { drawOffset, howOf, offsetMs } from "./clock.ts";
import { drawLeases, durationMs, timed, timedKind } from "./kind.ts";

export const clockStore = timedKind(
  z.strictObject({ kind: z.literal("clock-store"), ...timed, offsetMs, forMs: durationMs }),
  {
    harm: "zombie", // forward, all leases run out at once
    weight: 1,
    places: 2,
    needs: "clock",
    draw: (draw, { leaseMs }) => ({
      offsetMs: drawOffset(draw),
      forMs: drawLeases(draw, leaseMs, 1.3, 3),
    }),
    victimsOf: () => [{ kind: "store" }],
    endOf: ({ atMs, forMs }) => atMs + forMs,
    whatItStops: () => ({ whom: "nobody", isTotal: false }),
    delaysByMs: ({ offsetMs }) => Math.abs(offsetMs),
    async inject({ offsetMs, forMs }, { begin, end, delay, clocks }) {
      await begin({ workers: [], how: howOf(offsetMs), shift: { slots: [], ofStore: true, byMs: offsetMs } });
      clocks.moveStore(offsetMs);
      await delay(forMs);
      clocks.moveStore(-offsetMs);
      await end();
    },
  },
);
