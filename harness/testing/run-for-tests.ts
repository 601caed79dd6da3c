/** Test support: a run of its own for each file of tests with real processes; it leaves nothing behind. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { Run } from "../run/run.ts";
import { anyFreePorts } from "../stores/ports.ts";

/** Opens a run before the file's tests and closes it after them; `run` is there when a test runs. */
export function runForTests(): { readonly run: Run } {
  const resultsFolder = mkdtempSync(join(tmpdir(), "killproof-test-"));
  const current = {} as { run: Run };
  beforeAll(async () => {
    current.run = await Run.open({ seed: 0, durability: "process", ports: anyFreePorts, resultsFolder });
  });
  afterAll(async () => {
    await current.run.close();
    rmSync(resultsFolder, { recursive: true });
  });
  return current;
}
