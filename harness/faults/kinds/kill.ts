/** SIGKILL of the worker in `slot`; another process takes the slot after `restartAfterMs`. */
import { z } from "zod";
import { pick } from "../../draw.ts";
import { durationMs, slot, timed, timedKind } from "./kind.ts";

export const kill = timedKind(
  z.strictObject({ kind: z.literal("kill"), ...timed, slot, restartAfterMs: durationMs }),
  {
    harm: "death",
    weight: 4,
    places: 1,
    draw: (draw, { slots }) => ({ slot: pick(draw, slots), restartAfterMs: draw(100, 500) }),
    victimsOf: ({ slot }) => [{ kind: "worker", slot }],
    endOf: ({ atMs }) => atMs,
    inject: (fault, { workers }) => workers.kill([fault]),
  },
);
