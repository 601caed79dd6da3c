import { describe, expect, it } from "vitest";
import { handWritten } from "../../testing/hand-written.ts";
import { inOrder } from "./in-order.ts";

describe("in-order", () => {
  it("passes a lifecycle, and a repeat that was suppressed", () => {
    const killed = handWritten().workers("w1#1", "w2#1").starts().runsFrom("login", "record:0", "w1#1");
    killed.kills("f1", ["w1#1"]).runs("record:0", "w2#1").runsFrom("record:1", "cleanup", "w2#1");
    expect(killed.violationsOf(inOrder)).toEqual([]);
    expect(killed.exposedTo(inOrder)).toEqual({ s1: ["f1"] });
  });

  it("fails steps in the wrong order", () => {
    const swapped = handWritten()
      .workers("w1#1")
      .starts()
      .runs("login", "w1#1")
      .runs("record:1", "w1#1")
      .runs("record:0", "w1#1");
    expect(swapped.violationsOf(inOrder)).toMatchObject([
      { session: "s1", evidence: [{ step: "record:1" }, { step: "record:0" }] },
    ]);
  });

  it("fails effects of one step in the wrong order", () => {
    const swapped = handWritten()
      .workers("w1#1")
      .starts()
      .begins("cleanup", "w1#1")
      .lands("clear-cache")
      .lands("revoke-token");
    expect(swapped.violationsOf(inOrder)).toMatchObject([
      { evidence: [{ effect: "clear-cache" }, { effect: "revoke-token" }] },
    ]);
  });

  it("knows the order of more than ten activities", () => {
    const many = handWritten().workers("w1#1").starts().runs("record:9", "w1#1").runs("record:10", "w1#1");
    expect(many.violationsOf(inOrder)).toEqual([]);
  });
});
