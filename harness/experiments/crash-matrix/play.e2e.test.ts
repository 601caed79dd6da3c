import pLimit from "p-limit";
import { expect, test } from "vitest";
import { booksOf, targets, targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { crashPointsNamed } from "./crash-points.ts";
import { casesOf, playCrashMatrix } from "./play.ts";

const current = runForTests();

const settings = { depth: 2, leaseMs: 1000, retryDelayMs: 200 };

test.each(targets)(
  "$name survives two deaths in a row at a point, once with keys and thrice without",
  async (target) => {
    const points = crashPointsNamed(["clear-cache", "completion"]).map(({ id }) => id);
    const cases = casesOf(target, { ...settings, points });
    const toPlay = { ...settings, cases, attempt: 0 };
    const rows = await playCrashMatrix(current.run, target, toPlay, pLimit(4), () => {});
    expect(rows.map(({ mode, point, landed, verdict }) => ({ mode, point, landed, verdict }))).toEqual([
      { mode: "idempotent", point: "before", landed: 1, verdict: "pass" },
      { mode: "naive", point: "before", landed: 1, verdict: "pass" },
      { mode: "idempotent", point: "after", landed: 1, verdict: "pass" },
      { mode: "naive", point: "after", landed: 3, verdict: "pass" },
      { mode: "idempotent", point: "before", landed: 1, verdict: "pass" },
      { mode: "naive", point: "before", landed: 1, verdict: "pass" },
    ]);
  },
);

test.each(booksOf(targets, {}))("$name survives one death at a point", async (target) => {
  const points = crashPointsNamed(["record:1/after"]).map(({ id }) => id);
  const once = { ...settings, depth: 1 };
  const cases = casesOf(target, { ...once, points });
  const rows = await playCrashMatrix(
    current.run,
    target,
    { ...once, cases, attempt: 0 },
    pLimit(4),
    () => {},
  );
  expect(rows.map(({ mode, landed, verdict }) => ({ mode, landed, verdict }))).toEqual([
    { mode: "idempotent", landed: 1, verdict: "pass" },
    { mode: "naive", landed: 2, verdict: "pass" },
  ]);
});

test("by the book, BullMQ gives a session up at its second death", async () => {
  const [target] = targetsNamed("redis-bullmq-by-the-book@redis");
  if (target === undefined) throw new Error("it is on the list");
  const points = crashPointsNamed(["record:1/after"]).map(({ id }) => id);
  const cases = casesOf(target, { ...settings, points });
  const rows = await playCrashMatrix(
    current.run,
    target,
    { ...settings, cases, attempt: 1 /* a ledger of its own */ },
    pLimit(4),
    () => {},
  );
  expect(rows.map(({ verdict }) => verdict)).toEqual(["fail", "fail"]);
});
