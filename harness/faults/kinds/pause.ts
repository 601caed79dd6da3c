/** SIGSTOP, and SIGCONT after `forMs`: the same process goes on, and does not know that time has passed. */
import { z } from "zod";
import { pick } from "../../draw.ts";
import { drawLeases, durationMs, slot, timed, timedKind } from "./kind.ts";

export const pause = timedKind(
  z.strictObject({ kind: z.literal("pause"), ...timed, slot, forMs: durationMs }),
  {
    harm: "zombie",
    weight: 4,
    places: 2,
    draw: (draw, { slots, leaseMs }) => ({
      slot: pick(draw, slots),
      forMs: drawLeases(draw, leaseMs, 1.3, 2.2),
    }),
    victimsOf: ({ slot }) => [{ kind: "worker", slot }],
    endOf: ({ atMs, forMs }) => atMs + forMs,
    whatItStops: () => ({ whom: "victims", isTotal: true }),
    inject: ({ slot, forMs }, { workers }) => workers.pause(slot, forMs),
  },
);
