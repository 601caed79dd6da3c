import { expect, test, vi } from "vitest";
import { targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { Arm } from "./arm.ts";
import { closedCells } from "./cell.ts";
import { rowsOf } from "./found.ts";
import { loadSettingsFrom } from "./settings.ts";
import { Turns } from "./turns.ts";

vi.mock("../../run/timing.ts", async (original) => ({
  ...(await original<typeof import("../../run/timing.ts")>()),
  longestRestMs: 1_000,
}));

const current = runForTests();

test("a round in which a session never ends is counted, and another is taken in its place", async () => {
  const open = Arm.open.bind(Arm);
  vi.spyOn(Arm, "open").mockImplementationOnce(async (...of) => {
    const arm = await open(...of);
    for (const worker of arm.workers) worker.kill("SIGSTOP");
    return arm;
  });
  const flags = { workers: [1], clients: [8], turns: 1, roundTime: 100 };
  const settings = { ...loadSettingsFrom(flags, "quick"), warmUpMs: 100 };
  const cells = closedCells(targetsNamed("redis-bullmq@redis"), settings).filter(({ isAgain }) => !isAgain);
  const { load, loadLeftOut } = rowsOf(await new Turns(current.run, settings, "load").measure(cells));
  expect([...load, ...loadLeftOut]).toHaveLength(1);
  for (const row of load) expect(row).toMatchObject({ rounds: 1, unfinishedRounds: 1 });
  for (const row of loadLeftOut) expect(row.flaws).toEqual(["machine was busy"]);
});
