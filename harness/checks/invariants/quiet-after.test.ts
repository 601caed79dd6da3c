import { describe, expect, it } from "vitest";
import { handWritten } from "../../testing/hand-written.ts";
import { quietAfter } from "./quiet-after.ts";

describe("quiet-after", () => {
  it("passes a session that ends with its cleanup, and repeats that were suppressed", () => {
    const killed = handWritten().workers("w1#1", "w2#1").starts().runsFrom("login", "cleanup", "w1#1");
    killed.kills("f1", ["w1#1"]).runs("cleanup", "w2#1");
    expect(killed.violationsOf(quietAfter)).toEqual([]);
    expect(killed.exposedTo(quietAfter)).toEqual({ s1: ["f1"] });
  });

  it("fails what a zombie lands after cleanup", () => {
    const zombie = handWritten()
      .workers("w1#1")
      .lives("w1#1")
      .begins("record:0", "w1#1")
      .lands("append-activity");
    expect(zombie.violationsOf(quietAfter)).toMatchObject([
      { session: "s1", evidence: [{ effect: "write-audit" }, { effect: "append-activity" }] },
    ]);
  });

  it("has nothing to say before all three effects of cleanup have landed", () => {
    const half = handWritten()
      .workers("w1#1")
      .starts()
      .begins("cleanup", "w1#1")
      .lands("revoke-token")
      .lands("revoke-token");
    expect(half.violationsOf(quietAfter)).toEqual([]);
  });
});
