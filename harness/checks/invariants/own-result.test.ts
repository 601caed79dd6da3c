import { expect, it } from "vitest";
import { handWritten } from "../../testing/hand-written.ts";
import { ownResult } from "./own-result.ts";

it("holds where each step is handed the receipt of the step before, repeats included", () => {
  const history = handWritten()
    .workers("w0#1", "w1#1")
    .starts()
    .runsFrom("login", "record:0", "w0#1")
    .begins("record:1", "w0#1")
    .lands("append-activity")
    .kills("f1", ["w0#1"])
    .runsFrom("record:1", "cleanup", "w1#1");
  expect(history.violationsOf(ownResult)).toEqual([]);
  expect(history.exposedTo(ownResult)).toEqual({ s1: ["f1"] });
});

it("is violated where a step goes on from another step's result", () => {
  const history = handWritten().workers("w0#1").starts().runsFrom("login", "mark-idle", "w0#1");
  const wrong = history.receiptOf("record:0");
  expect(history.begins("expire", "w0#1", null, wrong).violationsOf(ownResult)).toMatchObject([
    {
      session: "s1",
      what: "expire was handed the receipt of record:0",
      evidence: [{ step: "record:0" }, {}],
    },
  ]);
});

it("is violated by a receipt that nobody gave, and by none where one is due", () => {
  const begun = () => handWritten().workers("w0#1").starts().runsFrom("login", "record:0", "w0#1");
  expect(begun().begins("record:1", "w0#1", null, "1-1").violationsOf(ownResult)).toMatchObject([
    { what: "record:1 was handed a receipt that is none of its session" },
  ]);
  expect(begun().begins("record:1", "w0#1", null, null).violationsOf(ownResult)).toMatchObject([
    { what: "record:1 was handed no receipt" },
  ]);
});

it("is violated where a token is revoked that was not issued", () => {
  const history = handWritten().workers("w0#1").starts();
  history.begins("login", "w0#1").lands("issue-token", { jti: "a" }).lands("set-cache");
  history.begins("cleanup", "w0#1").lands("revoke-token", { jti: "b" });
  expect(history.violationsOf(ownResult)).toContainEqual(
    expect.objectContaining({ what: "a token was revoked that was not issued" }),
  );
});

it("says nothing of an implementation that hands no receipts on", () => {
  const history = handWritten().workers("w0#1").starts();
  history.begins("login", "w0#1", null, null).lands("set-cache");
  history.begins("record:0", "w0#1", null, null).lands("append-activity");
  const found = ownResult.check(history.case());
  expect([found.violations, found.undecided, found.exposed.size]).toEqual([[], 1, 0]);
});
