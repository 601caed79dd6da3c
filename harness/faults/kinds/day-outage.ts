/**
 * The store dies, and is back when more than a day has passed by its clock and by those of all workers: they jump 25 h
 * ahead while it is down, and stay there. The world's is right, and so are its callers': to them it is some leases.
 */
import { z } from "zod";
import { drawLeases, durationMs, slot, timed, timedKind } from "./kind.ts";

const aDayAndAnHourMs = 25 * 60 * 60 * 1000;

export const dayOutage = timedKind(
  z.strictObject({
    kind: z.literal("day-outage"),
    ...timed,
    /** All that there are. */
    slots: z.array(slot).min(1),
    restartAfterMs: durationMs,
  }),
  {
    harm: "outage",
    weight: 0.1, // from then on no session waits
    places: 4,
    needs: "clock",
    setsWorkersClocks: true,
    draw: (draw, { workers, leaseMs }) => ({
      slots: Array.from({ length: workers }, (_, index) => index),
      restartAfterMs: drawLeases(draw, leaseMs, 1.2, 2),
    }),
    victimsOf: ({ slots }) => [
      { kind: "store" },
      ...slots.map((slot) => ({ kind: "worker", slot }) as const),
    ],
    endOf: ({ atMs, restartAfterMs }) => atMs + restartAfterMs,
    contradictionIn: ({ id, slots }, { workers }) =>
      slots.length === workers ? null : `${id} sets the clocks of another number of workers than ${workers}`,
    whatItStops: () => ({ whom: "everybody", isTotal: true }),
    async inject({ slots, restartAfterMs }, { begin, end, delay, store, clocks }) {
      const shift = { slots, ofStore: true, byMs: aDayAndAnHourMs, stays: true } as const;
      await begin({ workers: [], how: "+25 h", shift });
      await store.kill();
      clocks.moveStore(aDayAndAnHourMs);
      clocks.moveWorkers(slots, aDayAndAnHourMs);
      await delay(restartAfterMs);
      await store.restart();
      await end();
    },
  },
);
