import { describe, expect, it } from "vitest";
import { analysisOf } from "../history/analysis.ts";
import { handWritten, leaseMs, spec } from "../testing/hand-written.ts";
import type { Invariant } from "./invariant.ts";
import { invariantIds } from "./invariants/index.ts";
import { loginOnce } from "./invariants/login-once.ts";
import { judge, judgeOne } from "./judge.ts";
import { mergeVerdicts } from "./verdict.ts";

const settings = { faultsInjected: true };

/** Three sessions interrupted in login by one fault, and `violated` of them left with two tokens. */
function interrupted(violated: number) {
  const run = handWritten().workers("w1#1", "w2#1");
  const specs = ["s1", "s2", "s3"].map((sessionId) => ({ ...spec, sessionId }));
  for (const of of specs) run.about(of).starts().begins("login", "w1#1").lands("issue-token");
  run.kills("f1", ["w1#1"]);
  specs.forEach((of, index) => {
    run.about(of).runs("login", "w2#1");
    if (index < violated) run.lands("issue-token");
  });
  return run;
}

/** A session that nothing befell, and all that a history must say to be judged. */
function whole() {
  return handWritten().workers("w1#1").lives("w1#1").allHear("w1#1").inspected("world").inspected("store");
}

describe("judge", () => {
  it("gives one verdict per invariant, in their order", () => {
    const run = whole();
    const verdicts = judge(analysisOf(run.history(), { leaseMs }), [{ sessionId: "s1" }], {
      faultsInjected: false,
    });
    expect(verdicts.map(({ invariant }) => invariant)).toEqual(invariantIds);
    expect(mergeVerdicts(verdicts.map(({ verdict }) => verdict))).toBe("pass");
  });

  it("passes nothing where a planned session left nothing in the history", () => {
    const run = whole();
    const faultFree = { faultsInjected: false };
    const verdicts = (...ids: string[]) =>
      judge(
        analysisOf(run.history(), { leaseMs }),
        ids.map((sessionId) => ({ sessionId })),
        faultFree,
      ).map(({ verdict }) => verdict);
    expect(new Set(verdicts("s1"))).toEqual(new Set(["pass"]));
    expect(new Set(verdicts("s1", "s9"))).toEqual(new Set(["unknown"]));
  });

  it("calls everything unknown where the witness contradicts itself, violations included", () => {
    const run = handWritten()
      .workers("w1#1")
      .starts()
      .begins("login", "w1#1")
      .lands("issue-token")
      .lands("issue-token");
    for (const verdict of judge(analysisOf(run.history(), { leaseMs }), [{ sessionId: "s1" }], settings)) {
      expect(verdict).toMatchObject({ verdict: "unknown", violations: [], upper95: null });
      expect(verdict.reason).toContain("issue-token landed twice in execution x1 of session s1");
    }
  });

  it("calls everything unknown where the world refused a step, which then was repeated by itself, and says what it said", () => {
    const run = interrupted(3).write({
      kind: "refused",
      session: "s2",
      step: "cleanup",
      effect: "revoke-token",
      worker: "w2#1",
      execution: "x9",
      error: "ERR user_script: 1: no room",
    });
    const specs = ["s1", "s2", "s3"].map((sessionId) => ({ sessionId }));
    for (const verdict of judge(analysisOf(run.history(), { leaseMs }), specs, settings)) {
      expect(verdict).toMatchObject({ verdict: "unknown", violations: [] });
      expect(verdict.reason).toBe(
        "the world refused revoke-token in cleanup of session s2: ERR user_script: 1: no room",
      );
    }
  });
});

describe("judgeOne", () => {
  it("passes with the rule of three over the exposed, and says how many clusters they are", () => {
    expect(judgeOne(loginOnce, interrupted(0).case(), true)).toMatchObject({
      verdict: "pass",
      reason: null,
      sessions: 3,
      exposed: 3,
      exposedClusters: 1,
      upper95: expect.closeTo(1 - 0.05 ** (1 / 3)),
    });
  });

  it("fails with a higher bound when some are violated", () => {
    const verdict = judgeOne(loginOnce, interrupted(2).case(), true);
    expect(verdict).toMatchObject({ verdict: "fail", reason: null, exposed: 3, violatingExposed: 2 });
    expect(verdict.violations).toHaveLength(2);
    expect(verdict.upper95).toBeCloseTo(0.983, 3);
  });

  it("fails on a violation though nothing was exposed", () => {
    const run = handWritten()
      .workers("w1#1")
      .starts()
      .runs("login", "w1#1")
      .begins("login", "w1#1")
      .lands("issue-token");
    expect(judgeOne(loginOnce, run.case(), true)).toMatchObject({
      verdict: "fail",
      reason: null,
      exposed: 0,
      upper95: null,
    });
  });

  it("does not take a violation of an unexposed session into the bound", () => {
    const run = interrupted(0)
      .about({ ...spec, sessionId: "s4" })
      .starts();
    const verdict = judgeOne(loginOnce, run.case(), true);
    expect(verdict).toMatchObject({
      verdict: "fail",
      exposed: 3,
      violatingExposed: 0,
      upper95: expect.closeTo(1 - 0.05 ** (1 / 3)),
    });
  });

  it("calls it unknown when faults were injected and hit nobody, and passes when none were", () => {
    const untouched = handWritten().workers("w1#1").lives("w1#1").case();
    expect(judgeOne(loginOnce, untouched, true)).toMatchObject({
      verdict: "unknown",
      exposed: 0,
      upper95: null,
    });
    expect(judgeOne(loginOnce, untouched, true).reason).toContain("none was hit");
    expect(judgeOne(loginOnce, untouched, false)).toMatchObject({ verdict: "pass", reason: null });
  });

  it("calls it unknown where there is no session to judge, faults or none", () => {
    const verdict = judgeOne(loginOnce, { ...interrupted(0).case(), sessions: [] }, false);
    expect(verdict).toMatchObject({ verdict: "unknown", sessions: 0, upper95: null });
    expect(verdict.reason).toBe("there was no session to judge");
  });

  it("calls it unknown when the checker throws", () => {
    const broken: Invariant<"login-once"> = {
      ...loginOnce,
      check: () => {
        throw new Error("the checker broke");
      },
    };
    expect(judgeOne(broken, interrupted(0).case(), true)).toMatchObject({
      verdict: "unknown",
      reason: "the checker broke",
    });
  });

  it("calls it unknown when a session has no call that says what it should do", () => {
    const uncalled = handWritten().workers("w1#1").runs("mark-idle", "w1#1").case();
    const verdicts = judge(analysisOf(uncalled.history, { leaseMs }), [{ sessionId: "s1" }], settings);
    const verdict = verdicts.find(({ invariant }) => invariant === "timer-kept");
    expect(verdict).toMatchObject({ verdict: "unknown", reason: expect.stringContaining("has no call") });
  });
});
