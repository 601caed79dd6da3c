import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { Reaper } from "../../processes/reaper.ts";
import { startUnderTest } from "../../testing/store-under-test.ts";
import { startEmptyPostgres } from "./empty.ts";

test("a PostgreSQL that is killed at the end of a run leaves no shared memory behind", async () => {
  const reaper = await Reaper.start();
  await startUnderTest(reaper, startEmptyPostgres, "process");
  const [file = ""] = globSync("**/postmaster.pid", { cwd: reaper.folder });
  const [, segment] =
    readFileSync(join(reaper.folder, file), "utf8").split("\n")[6]?.trim().split(/ +/) ?? [];
  const segments = async () => (await execa("ipcs", ["-m"])).stdout.split(/\s+/);
  expect(await segments()).toContain(segment);
  await reaper.stop();
  expect(await segments()).not.toContain(segment);
});
