import { describe, expect, it } from "vitest";
import { handWritten } from "../../testing/hand-written.ts";
import { cleanedOnce } from "./cleaned-once.ts";

describe("cleaned-once", () => {
  it("passes a cleanup that two workers did between them, and takes the session for exposed", () => {
    const killed = handWritten().workers("w1#1", "w2#1").starts().runsFrom("login", "expire", "w1#1");
    killed.begins("cleanup", "w1#1").lands("revoke-token").kills("f1", ["w1#1"]).runs("cleanup", "w2#1");
    expect(killed.violationsOf(cleanedOnce)).toEqual([]);
    expect(killed.exposedTo(cleanedOnce)).toEqual({ s1: ["f1"] });
  });

  it.each(["revoke-token", "clear-cache", "write-audit"] as const)("fails a second %s", (effect) => {
    const twice = handWritten().workers("w1#1").lives("w1#1").begins("cleanup", "w1#1").lands(effect);
    expect(twice.violationsOf(cleanedOnce)).toMatchObject([
      { session: "s1", evidence: [{ effect }, { effect }] },
    ]);
  });

  it("fails a cleanup that was left half done", () => {
    const half = handWritten().workers("w1#1").starts().begins("cleanup", "w1#1").lands("revoke-token");
    expect(half.violationsOf(cleanedOnce)).toMatchObject([
      { what: "clear-cache of cleanup never landed" },
      { what: "write-audit of cleanup never landed" },
    ]);
  });
});
