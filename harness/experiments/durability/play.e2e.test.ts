import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { UsageError } from "../../errors.ts";
import type { Target } from "../../run/target.ts";
import { targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { durability } from "./durability.ts";
import { traceSyncs } from "./play.ts";

const current = runForTests();

test("a store that was given cannot be told what to keep, so its figures would be no comparison", () => {
  const given = targetsNamed("resonate@embedded,redis-bullmq@redis", { redisUrl: "redis://localhost" });
  const refuse = (of: readonly Target[]) =>
    durability.refuse?.(of, durability.settingsFrom({}, "quick", 1000), {
      targets: "",
      durability: "process",
      results: "",
    });
  expect(() => refuse(given)).toThrow(UsageError);
  expect(() => refuse(targetsNamed("resonate@embedded,redis-bullmq@redis"))).not.toThrow();
});

test("syncs that nobody could count are not none", async ({ skip }) => {
  const gone = current.run.reaper.spawn({ name: "gone", file: process.execPath, args: ["--version"] });
  await gone.exited;
  const tracer = traceSyncs(current.run, gone, "gone");
  skip(tracer === null, "there is no strace");
  await delay(1_000); // strace says at once that it cannot attach
  expect(await tracer?.stop()).toBe(null);
});
