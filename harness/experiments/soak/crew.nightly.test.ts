import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { longLease } from "../../run/timing.ts";
import { targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { Crew, FallenError } from "./crew.ts";

const current = runForTests();

async function openCrew(experiment: string): Promise<Crew> {
  const [target] = targetsNamed("redis-bullmq@redis");
  if (target === undefined) throw new Error("there is such a target");
  return Crew.open({ run: current.run, experiment, target, workers: 2, ...longLease });
}

test.each([
  ["store", (crew: Crew) => crew.environment.storeProcesses[0]],
  ["worker", (crew: Crew) => crew.worker(1)?.child],
  ["client", (crew: Crew) => crew.client],
] as const)(
  "a %s that ends by itself gives up what was under way, and not the run",
  async (who, victimOf) => {
    const crew = await openCrew(`fallen-${who}`);
    await crew.begin(50, 60_000);
    const { pid = 0 } = victimOf(crew) ?? {};
    process.kill(pid, "SIGKILL");
    await expect(crew.orFallen(delay(20_000))).rejects.toThrow(FallenError);
    await crew.leave();
    expect(await Promise.race([current.run.reaper.failed, delay(200, "goes on")])).toBe("goes on");
  },
);

test("a worker that is killed is replaced, and what it held is done by others", async () => {
  const crew = await openCrew("killed");
  const before = crew.worker(0)?.life;
  await crew.begin(50, 2_000);
  await crew.kill(0);
  expect(crew.worker(0)?.life).not.toBe(before);
  let tally = await crew.tally();
  while (tally.drainedMs === null) {
    await delay(200);
    tally = await crew.tally();
  }
  expect(tally).toMatchObject({ begun: 100, finished: 100, failed: 0 });
  await crew.leave();
});
