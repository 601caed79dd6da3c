import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { drawPlan } from "../plan/draw-plan.ts";
import { handWritten } from "../testing/hand-written.ts";
import { Tally, withCaseCounts } from "./progress.ts";

const targets = ["a@x", "b@x", "c@x"].map((name) => ({ name }));

/** How many were at play at the same time, at most, and what came of it. */
async function played(atOnce?: number) {
  let playing = 0;
  let most = 0;
  const play = async ({ name }: { readonly name: string }) => {
    most = Math.max(most, ++playing);
    for (let turns = 0; turns < 5; turns++) await turn();
    playing--;
    return name;
  };
  const outcomes = await withCaseCounts(targets, () => 1, play, atOnce);
  return { most, outcomes };
}

test("so many targets play at once as may, and each outcome stands in its place", async () => {
  expect(await played(2)).toEqual({ most: 2, outcomes: ["a@x", "b@x", "c@x"] });
  expect((await played(1)).most).toBe(1);
});

test("all play at once where nothing else is said", async () => {
  expect((await played()).most).toBe(3);
});

test("a worker that is not ready yet is named: all sessions may have ended, and the run wait for it", () => {
  const size = { sessions: 1, arrivalsMs: 1, workers: 1, clients: 1 };
  const tally = new Tally(drawPlan(1, { ...size, faults: {}, leaseMs: 1_000, retryDelayMs: 1 }));
  const run = handWritten().workers("w0#1").kills("f", ["w0#1"]).write({ kind: "spawned", worker: "w0#2" });
  for (const entry of run.entries) tally.add(entry);
  expect(tally.line()).toMatch(/1 kill · not ready yet: w0#2$/);
  tally.add({ kind: "ready", worker: "w0#2", seq: "9-0", at: 9 });
  expect(tally.line()).toMatch(/1 kill$/);
});
