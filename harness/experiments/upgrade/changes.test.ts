import { expect, test } from "vitest";
import { published, stepsUnder } from "../../history/law.ts";
import { activityCount, changes, lawFrom, lawsOf } from "./changes.ts";

const stepsFrom = (...args: Parameters<typeof lawFrom>) => stepsUnder(lawFrom(...args), activityCount);

test("from its place on, a session has the other version's steps", () => {
  const { from, to } = lawsOf("step-after-wait", "forward");
  expect(stepsFrom("wait", from, to).slice(-4)).toEqual(["mark-idle", "notify", "expire", "cleanup"]);
  expect(stepsFrom("cleanup", from, to)).not.toContain("notify");
});

test("what is past is past: a step that was removed has been done, one that was added there is not due", () => {
  const removed = lawsOf("step-removed", "forward");
  expect(stepsFrom("cleanup", removed.from, removed.to)).toContain("expire");
  expect(stepsFrom("wait", removed.from, removed.to)).not.toContain("expire");
  const added = lawsOf("step-before-idle", "forward");
  expect(stepsFrom("wait", added.from, added.to)).toEqual(stepsUnder(published, activityCount));
  expect(stepsFrom("activities", added.from, added.to)).toContain("notify");
});

test("what both versions have and was not done is still due, in whatever order", () => {
  const { from, to } = lawsOf("steps-swapped", "backward");
  expect(stepsFrom("cleanup", from, to).slice(-2)).toEqual(["cleanup", "expire"]);
});

test("an activity that is no longer recorded is due only where it was past", () => {
  const { from, to } = lawsOf("activity-removed", "forward");
  expect(stepsFrom("activities", from, to)).not.toContain("record:2");
  expect(stepsFrom("wait", from, to)).toContain("record:2");
});

test("the other version's first step after the wait wakes a session that waits", () => {
  const { from, to } = lawsOf("step-after-wait", "forward");
  expect(lawFrom("wait", from, to).wakesWith).toBe("notify");
  expect(lawFrom("cleanup", from, to).wakesWith).toBe("expire");
  expect(changes["wait-doubled"].law.idleTimeouts).toBe(2);
});
