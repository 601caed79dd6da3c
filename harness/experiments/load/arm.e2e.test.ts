import { expect, test } from "vitest";
import { HarnessError } from "../../errors.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import { longLease } from "../../run/timing.ts";
import { targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { Arm } from "./arm.ts";

const current = runForTests();

async function openEnvironment(experiment: string): Promise<TargetEnvironment> {
  const [target] = targetsNamed("redis-bullmq@redis");
  if (target === undefined) throw new Error("there is such a target");
  return TargetEnvironment.open({ run: current.run, experiment, target, ...longLease });
}

test("a witnessed round starts no session that its world does not know, however fast its callers are", async () => {
  const environment = await openEnvironment("bounded");
  const arm = await Arm.open({ work: "lifecycle", world: "witnessed" }, environment, 1);
  const { latenciesMs } = await arm.round({ kind: "closed", callers: 2_000 }, 20); // so many would start at once
  expect(latenciesMs.length).toBeGreaterThan(0);
  expect(latenciesMs.length).toBeLessThanOrEqual(60);
  await arm.close();
  await environment.close();
});

test("a worker of a load that dies by itself ends the run, rather than keep its caller waiting", async () => {
  const environment = await openEnvironment("dead-worker");
  const kind = { implementation: environment.implementation, witnessed: false };
  const worker = environment.spawnLoadWorker("worker#0", "group", kind);
  await worker.firstMessage();
  process.kill(worker.pid, "SIGKILL");
  await expect(current.run.reaper.failed).rejects.toThrow(HarnessError);
});
