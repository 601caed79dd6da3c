/** The step fails, so many times in a row, before its first effect or after its last. */
import { z } from "zod";
import { pick } from "../../draw.ts";
import { armed, armedKind, repetitions, step } from "./kind.ts";

/** More often than queues try by default: 10 times at the most, and later each time. */
const often = 12;
/** Only where that lasts no longer, in leases: the run would wait for one step. */
const longestLeases = 5;

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
    draw: (draw, { step, leaseMs, retryDelayMs }) => {
      const when = pick(draw, ["before", "after"] as const);
      const times = draw(1, 4);
      const fits = often * retryDelayMs <= longestLeases * leaseMs;
      return { step, when, times: times === 4 ? (fits ? often : 1) : times };
    },
    orderOf: ({ step, when, times }) => ({ step, order: { kind: "throw", when }, times }),
    simplerForms: (fault) => (fault.times > 1 ? [{ ...fault, times: 1 }] : []),
  },
);
