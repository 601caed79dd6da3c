import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { variantsNamed } from "../selftest/variants/variants.ts";
import { anyFreePorts } from "../stores/ports.ts";
import { targets } from "../targets.ts";
import { Run } from "./run.ts";
import { playVariants } from "./selftest.ts";

const resultsFolder = mkdtempSync(join(tmpdir(), "killproof-test-"));
let run: Run;
beforeAll(async () => {
  run = await Run.open({ seed: 0, durability: "process", ports: anyFreePorts, resultsFolder });
});
afterAll(async () => {
  await run.close();
  rmSync(resultsFolder, { recursive: true });
});

/** A small set, chosen so that what each checker of it lets through turns a test red. */
const names = [
  "no-keys",
  "row-deleted",
  "step-job-reversed",
  "random-key",
  "activities-at-once",
  "short-timeout",
];
const sizes = { samples: 2, leaseMs: 1_000, retryDelayMs: 200, inLane: pLimit(4), onStage: pLimit(2) };

test.each(targets)(
  "broken variants of $name are caught by what names their defect, and the original raises nothing",
  async (target) => {
    const variants = names.flatMap((name) => variantsNamed(name).ofImplementations);
    const own = variants.filter(({ of }) => of === target.name);
    const { selftest, falseAlarms } = await playVariants(run, target, own, sizes, () => {});
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
