import { afterEach, expect, test, vi } from "vitest";
import { targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { Arm } from "./arm.ts";
import { closedCells } from "./cell.ts";
import { rowsOf } from "./found.ts";
import { loadSettingsFrom } from "./settings.ts";
import { Turns } from "./turns.ts";

vi.mock("../../run/timing.ts", async (original) => ({
  ...(await original<typeof import("../../run/timing.ts")>()),
  longestRestMs: 3_000,
}));

const current = runForTests();
const open = Arm.open.bind(Arm);
afterEach(() => vi.restoreAllMocks());

test("a round in which a session never ends is counted, and another is taken in its place", async () => {
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

test("a target whose sessions never end is given up, and the other one has all of its turns", async () => {
  const [healthy] = targetsNamed("redis-bullmq@redis");
  if (healthy === undefined) throw new Error("no target of that name");
  const hung = { ...healthy, name: "hung@redis" };
  vi.spyOn(Arm, "open").mockImplementation(async (kind, environment, ...more) => {
    const arm = await open(kind, environment, ...more);
    if (environment.target === hung) for (const worker of arm.workers) worker.kill("SIGSTOP");
    return arm;
  });
  const flags = { workers: [1], clients: [8], turns: 4, roundTime: 100 };
  const settings = { ...loadSettingsFrom(flags, "quick"), warmUpMs: 100, retakes: 0 };
  const cells = closedCells([healthy, hung], settings).filter(({ isAgain }) => !isAgain);
  const taken = await new Turns(current.run, settings, "load").measure(cells);
  const of = (name: string) => taken.find(({ cell }) => cell.target.name === name);
  expect(of(healthy.name)?.rounds).toHaveLength(4);
  expect(of(hung.name)).toMatchObject({ rounds: [], unfinishedRounds: 3 });
});
