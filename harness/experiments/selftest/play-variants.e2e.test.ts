import pLimit from "p-limit";
import { expect, test } from "vitest";
import { targets, targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { playVariants } from "./play-variants.ts";
import { variantsNamed } from "./variants.ts";

const current = runForTests();

/** A small set, chosen so that what each checker of it lets through turns a test red. */
const names = [
  "no-keys",
  "row-deleted",
  "step-job-reversed",
  "random-key",
  "activities-at-once",
  "short-timeout",
  "queue-no-fence",
  "queue-upsert",
  "stream-not-reopened",
  "connection-given-up",
  "queue-look-fails-once",
];
const sizes = {
  samples: 2,
  leaseMs: 1_000,
  retryDelayMs: 200,
  whenFree: pLimit(4),
  inEnvironment: pLimit(2),
};

test.for([...targets, ...targetsNamed("postgres-queue@postgres")])(
  "broken variants of $name are caught by what names their defect, and the original raises nothing",
  async (target, { skip }) => {
    const reason = await target.whyUnavailable();
    skip(reason !== null, reason ?? "");
    const variants = names.flatMap((name) => variantsNamed(name).ofEngines);
    const own = variants.filter(({ of }) => of === target.name);
    const { selftest, falseAlarms } = await playVariants(current.run, target, own, sizes, () => {});
    expect(selftest.map(({ variant, verdict, caughtBy }) => ({ variant, verdict, caughtBy }))).toEqual(
      own.map(({ name, expected }) => ({
        variant: name,
        verdict: "pass",
        caughtBy: expect.arrayContaining([expected]),
      })),
    );
    expect(falseAlarms.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  },
);
