import { expect, it } from "vitest";
import { handWritten, spec } from "../testing/hand-written.ts";
import { SessionsAtWork } from "./at-work.ts";

it("counts a session for who worked on it last, until it waits or is over", () => {
  const atWork = new SessionsAtWork();
  const run = handWritten().workers("w1#1", "w2#1").starts();
  const countsAfter = (more: () => unknown) => {
    const before = run.entries.length;
    more();
    for (const entry of run.entries.slice(before)) atWork.read(entry);
    return [atWork.countOf("w1#1"), atWork.countOf("w2#1")];
  };
  expect(countsAfter(() => run.begins("login", "w1#1"))).toEqual([1, 0]);
  expect(countsAfter(() => run.about({ ...spec, sessionId: "s2" }).begins("login", "w1#1"))).toEqual([2, 0]);
  expect(countsAfter(() => run.begins("login", "w2#1"))).toEqual([1, 1]);
  expect(countsAfter(() => run.begins("mark-idle", "w2#1").lands("set-idle"))).toEqual([1, 0]);
  expect(countsAfter(() => run.begins("expire", "w1#1"))).toEqual([2, 0]);
  expect(countsAfter(() => run.runs("cleanup", "w1#1"))).toEqual([1, 0]);
});
