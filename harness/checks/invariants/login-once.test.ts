import { describe, expect, it } from "vitest";
import { handWritten } from "../../testing/hand-written.ts";
import { loginOnce } from "./login-once.ts";

describe("login-once", () => {
  it("passes a login whose repeat was suppressed, and takes the session for exposed", () => {
    const killed = handWritten()
      .workers("w1#1", "w2#1")
      .starts()
      .begins("login", "w1#1")
      .lands("issue-token");
    killed.kills("f1", ["w1#1"]).runs("login", "w2#1");
    expect(killed.violationsOf(loginOnce)).toEqual([]);
    expect(killed.exposedTo(loginOnce)).toEqual({ s1: ["f1"] });
  });

  it("does not take a session for exposed that was interrupted in another step", () => {
    const killed = handWritten()
      .workers("w1#1", "w2#1")
      .starts()
      .runs("login", "w1#1")
      .begins("record:0", "w1#1");
    killed.kills("f1", ["w1#1"]).runs("record:0", "w2#1");
    expect(killed.exposedTo(loginOnce)).toEqual({});
  });

  it("fails a second token", () => {
    const twice = handWritten().workers("w1#1").starts().runs("login", "w1#1");
    twice.begins("login", "w1#1").lands("issue-token");
    expect(twice.violationsOf(loginOnce)).toMatchObject([
      {
        session: "s1",
        evidence: [
          { effect: "issue-token", execution: "x1" },
          { effect: "issue-token", execution: "x2" },
        ],
      },
    ]);
  });

  it("fails a token that was never cached", () => {
    const half = handWritten().workers("w1#1").starts().begins("login", "w1#1").lands("issue-token");
    expect(half.violationsOf(loginOnce)).toMatchObject([
      {
        what: "set-cache of login never landed",
        evidence: [{ kind: "started" }, { kind: "begin", execution: "x1" }],
      },
    ]);
  });

  it("fails a session that was started and never logged in", () => {
    expect(handWritten().starts().violationsOf(loginOnce)).toHaveLength(2);
  });

  it("asks nothing of a session whose start was never acknowledged, unless an effect shows that it exists", () => {
    expect(handWritten().calls().violationsOf(loginOnce)).toEqual([]);
    const exists = handWritten().calls().begins("login", "w1#1").lands("issue-token");
    expect(exists.violationsOf(loginOnce)).toHaveLength(1);
  });
});
