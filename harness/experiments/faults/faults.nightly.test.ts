/** Every kind of fault beyond death, by itself, on every target that needs no program which npm does not bring; what each promises is kept. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { repositoryRoot } from "../../repository.ts";
import { readResults } from "../results.ts";

test.each([
  { targets: "resonate@embedded,redis-bullmq@redis", seed: 1 },
  { targets: "resonate@embedded,redis-bullmq@redis", seed: 2 },
  { targets: "postgres-queue@postgres", seed: 1 },
])("on $targets, seed $seed", async ({ targets, seed }) => {
  const results = await mkdtemp(join(tmpdir(), "killproof-faults-"));
  try {
    const cli = join(repositoryRoot, "harness/cli.ts");
    const killproof = (...args: readonly string[]) =>
      execa(process.execPath, [cli, ...args], { reject: false });
    const flags = ["--targets", targets, "--seed", String(seed), "--results", results];
    const { exitCode } = await killproof("faults", ...flags);
    const run = join(results, "latest");
    const { faultOutcomes, verdicts } = await readResults(join(run, "results.json"));
    expect(faultOutcomes.filter(({ violated }) => violated > 0)).toEqual([]);
    expect(exitCode).toBe(0);

    expect((await killproof("report", run, "--judge")).exitCode).toBe(0);
    expect(await readResults(join(run, "judged/results.json"))).toMatchObject({ faultOutcomes, verdicts });
  } finally {
    await rm(results, { recursive: true, force: true });
  }
});
