import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { longLease } from "../../run/timing.ts";
import { targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { UnexpectedExitError, WorkersAndClient } from "./workers-and-client.ts";

const current = runForTests();

async function openProcesses(experiment: string): Promise<WorkersAndClient> {
  const [target] = targetsNamed("redis-bullmq@redis");
  if (target === undefined) throw new Error("there is such a target");
  return WorkersAndClient.open({ run: current.run, experiment, target, workers: 2, ...longLease });
}

test.each([
  ["store", (processes: WorkersAndClient) => processes.environment.storeProcesses[0]],
  ["worker", (processes: WorkersAndClient) => processes.worker(1)?.child],
  ["client", (processes: WorkersAndClient) => processes.client],
] as const)(
  "a %s that ends by itself gives up what was under way, and not the run",
  async (who, victimOf) => {
    const processes = await openProcesses(`ended-${who}`);
    await processes.begin(50, 60_000);
    const { pid = 0 } = victimOf(processes) ?? {};
    process.kill(pid, "SIGKILL");
    await expect(processes.unlessOneEnds(delay(20_000))).rejects.toThrow(UnexpectedExitError);
    await processes.leave();
    expect(await Promise.race([current.run.reaper.failed, delay(200, "goes on")])).toBe("goes on");
  },
);

test("a worker that is killed is replaced, and what it held is done by others", async () => {
  const processes = await openProcesses("killed");
  const before = processes.worker(0)?.life;
  await processes.begin(50, 2_000);
  await processes.kill(0);
  expect(processes.worker(0)?.life).not.toBe(before);
  let tally = await processes.tally();
  while (tally.drainedMs === null) {
    await delay(200);
    tally = await processes.tally();
  }
  expect(tally).toMatchObject({ begun: 100, finished: 100, failed: 0 });
  await processes.leave();
});
