import { expect, it } from "vitest";
import { analysisOf } from "../../history/analysis.ts";
import { handWritten, leaseMs, spec } from "../../testing/hand-written.ts";
import { wakeRows } from "./wakes.ts";

it("tells how late sessions woke, by what came in their wait, from when somebody could wake them", () => {
  const run = handWritten()
    .workers("w1#1", "w2#1")
    .starts()
    .runsFrom("login", "mark-idle", "w1#1")
    .wait(6_009)
    .runs("expire", "w1#1")
    .about({ ...spec, sessionId: "s2" })
    .starts()
    .runsFrom("login", "mark-idle", "w1#1")
    .wait(5_000)
    .kills("f1", ["w1#1", "w2#1"], "kill-all")
    .wait(3_000)
    .workers("w1#2")
    .wait(499)
    .runs("expire", "w1#2");
  expect(wakeRows("t", analysisOf(run.history(), { leaseMs }))).toMatchObject([
    { target: "t", faultKind: "none", wakes: 1, p50Ms: 10 },
    { faultKind: "kill-all", wakes: 1, p50Ms: 500, maxMs: 500 },
  ]);
});
