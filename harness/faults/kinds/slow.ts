/** One execution of the step takes so much longer. */
import { z } from "zod";
import { armed, armedKind, durationMs, step } from "./kind.ts";

export const slow = armedKind(
  z.strictObject({ kind: z.literal("slow"), ...armed, step, delayMs: durationMs.positive() }),
  {
    harm: "none",
    weight: 4,
    draw: (draw, { step, leaseMs }) => ({ step, delayMs: Math.round((draw(120, 180) / 100) * leaseMs) }),
    orderOf: ({ step, delayMs }) => ({ step, order: { kind: "slow", delayMs }, times: 1 }),
  },
);
