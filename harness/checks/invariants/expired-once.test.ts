import { describe, expect, it } from "vitest";
import { handWritten } from "../../testing/hand-written.ts";
import { expiredOnce } from "./expired-once.ts";

describe("expired-once", () => {
  it("passes a repeat that was suppressed, and takes the session for exposed", () => {
    const killed = handWritten().workers("w1#1", "w2#1").starts().runsFrom("login", "expire", "w1#1");
    killed.kills("f1", ["w1#1"]).runs("expire", "w2#1");
    expect(killed.violationsOf(expiredOnce)).toEqual([]);
    expect(killed.exposedTo(expiredOnce)).toEqual({ s1: ["f1"] });
  });

  it("fails a second expiry", () => {
    const twice = handWritten().workers("w1#1").starts().runsFrom("login", "expire", "w1#1");
    twice.begins("expire", "w1#1").lands("set-expired");
    expect(twice.violationsOf(expiredOnce)).toMatchObject([
      {
        session: "s1",
        what: "set-expired of expire landed 2 times",
        evidence: [{ execution: "x5" }, { execution: "x6" }],
      },
    ]);
  });

  it("fails a session that never expired", () => {
    const waiting = handWritten().workers("w1#1").starts().runsFrom("login", "mark-idle", "w1#1");
    expect(waiting.violationsOf(expiredOnce)).toMatchObject([
      { session: "s1", evidence: [{ kind: "started" }] },
    ]);
  });
});
