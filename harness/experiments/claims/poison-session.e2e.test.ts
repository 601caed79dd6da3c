import pLimit from "p-limit";
import { expect, test } from "vitest";
import { edit } from "../../engines/edit.ts";
import { editedTarget } from "../../engines/edited-copy.ts";
import type { Target } from "../../run/target.ts";
import { targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { playClaims } from "./play.ts";

const current = runForTests();

const settings = { leaseMs: 1000, retryDelayMs: 200, claims: ["poison-session"] };

async function play(target: Target | undefined, attempt: number) {
  if (target === undefined) throw new Error("no such target");
  const [row] = await playClaims(current.run, target, settings, pLimit(5), () => {}, attempt);
  return row;
}

/** Names of the figures that are out of their bounds. */
function refuting(row: Awaited<ReturnType<typeof play>>): readonly string[] {
  return (row?.evidence ?? []).flatMap((each) => {
    if (each.kind === "quote" || each.expected === null || each.value === null) return [];
    const [from, to] = each.expected;
    return each.value < from || each.value > (to ?? each.value) ? [each.what] : [];
  });
}

test("a session that nobody can finish keeps neither the others nor a deploy; a drain without a bound is found", async () => {
  const [target] = targetsNamed("redis-bullmq@redis");
  if (target === undefined) throw new Error("no such target");
  const boundless = editedTarget(current.run, target, "boundless-drain", {
    edits: [
      edit(
        "worker.ts",
        "await Promise.race([worker.close(), delay(longestStopMs)]);",
        "await worker.close();",
      ),
    ],
  });
  const [correct, broken] = await Promise.all([play(target, 0), play(boundless, 1)]);
  expect(refuting(correct)).toEqual([]);
  expect(refuting(broken)).toEqual(["from SIGTERM to the worker's end, beside a step that never returns"]);
});
