import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { withCaseCounts } from "./progress.ts";

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
