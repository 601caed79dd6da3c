import { expect, test } from "vitest";
import { drawPlan } from "../faults/draw-plan.ts";
import { planSchema } from "../faults/plan-schema.ts";
import { recoveryShape } from "./profiles.ts";
import { severed } from "./recovery.ts";

test.each([1, 5, 99])(
  "every partition of a plan to recover from cuts off a worker for longer than its lease (seed %i)",
  (seed) => {
    const plan = severed(drawPlan(seed, { ...recoveryShape, faults: { partition: 7, kill: 1 } }));
    expect(planSchema.parse(plan)).toEqual(plan); // nothing in it contradicts itself
    const partitions = plan.faults.filter(({ kind }) => kind === "partition");
    expect(partitions).toHaveLength(7);
    for (const partition of partitions) {
      expect(partition).toMatchObject({
        between: { kind: "worker" },
        how: { kind: "stop", direction: "both", forMs: 1500 },
      });
    }
  },
);
