/** SIGTERM, as a deploy sends it: the worker drains and leaves, or is killed when it takes too long; then the next one starts. */
import { z } from "zod";
import { pick } from "../../draw.ts";
import { durationMs, slot, timed, timedKind } from "./kind.ts";

export const terminate = timedKind(
  z.strictObject({ kind: z.literal("terminate"), ...timed, slot, restartAfterMs: durationMs }),
  {
    harm: "none",
    weight: 2,
    places: 2,
    tellsToLeave: true,
    draw: (draw, { slots }) => ({ slot: pick(draw, slots), restartAfterMs: draw(0, 300) }),
    victimsOf: ({ slot }) => [{ kind: "worker", slot }],
    endOf: ({ atMs }) => atMs,
    inject: (fault, { workers }) => workers.terminate(fault),
  },
);
