import { expect, test } from "vitest";
import { drawPlan } from "../../plan/draw-plan.ts";
import { planSchema } from "../../plan/plan-schema.ts";
import { targetsNamed } from "../../targets/targets.ts";
import { runsOf, withWorkersCutOff } from "./play.ts";
import { recovery } from "./recovery.ts";

const shape = recovery.settingsFrom({}, "quick", 1000);

test.each([1, 5, 99])(
  "every partition of a plan to recover from cuts off a worker for longer than its lease (seed %i)",
  (seed) => {
    const plan = withWorkersCutOff(drawPlan(seed, { ...shape, faults: { partition: 7, kill: 1 } }));
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

test("a store that was given is neither killed nor cut off; the other targets are", () => {
  const names = "resonate@embedded,redis-bullmq@redis";
  const runs = runsOf(targetsNamed(names, { redisUrl: "redis://localhost" }));
  const unable = runs.flatMap(({ kind, unable }) => unable.map(({ name }) => `${kind}: ${name}`));
  expect(unable).toEqual(["partition: redis-bullmq@redis", "kill-store: redis-bullmq@redis"]);
  expect(runs.map(({ able }) => able.length)).toEqual([2, 2, 2, 1, 1]);
  expect(runsOf(targetsNamed(names)).flatMap(({ unable }) => unable)).toEqual([]);
});
