import pLimit from "p-limit";
import { expect, test } from "vitest";
import { targets } from "../../targets/targets.ts";
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
