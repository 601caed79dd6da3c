/** The step fails, so many times in a row, before its first effect or after its last. */
import { z } from "zod";
import { pick } from "../../draw.ts";
import { armed, armedKind, repetitions, step } from "./kind.ts";

export const throwInStep = armedKind(
  z.strictObject({
    kind: z.literal("throw"),
    ...armed,
    step,
    when: z.enum(["before", "after"]),
    times: repetitions,
  }),
  {
    harm: "failure",
    weight: 6,
    draw: (draw, { step }) => ({ step, when: pick(draw, ["before", "after"] as const), times: draw(1, 3) }),
    orderOf: ({ step, when, times }) => ({ step, order: { kind: "throw", when }, times }),
    simplerForms: (fault) => (fault.times > 1 ? [{ ...fault, times: 1 }] : []),
  },
);
