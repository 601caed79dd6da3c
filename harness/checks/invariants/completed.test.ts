import { describe, expect, it } from "vitest";
import { type Analysis, analysisOf } from "../../history/analysis.ts";
import { handWritten, leaseMs, spec } from "../../testing/hand-written.ts";
import { caseOf } from "../judge.ts";
import { completed } from "./completed.ts";

describe("completed", () => {
  it("passes a session that finished 30 s and its idle window after the last heal", () => {
    const session = handWritten()
      .workers("w1#1")
      .starts()
      .runsFrom("login", "cleanup", "w1#1")
      .write({ kind: "healed" });
    expect(session.wait(35_999).gets().violationsOf(completed)).toEqual([]);
  });

  it("fails one that took longer", () => {
    const session = handWritten()
      .workers("w1#1")
      .starts()
      .runsFrom("login", "cleanup", "w1#1")
      .write({ kind: "healed" });
    expect(session.wait(36_000).gets().violationsOf(completed)).toMatchObject([
      {
        session: "s1",
        what: "finished 36001 ms after the last heal",
        evidence: [{ kind: "started" }, { kind: "result" }],
      },
    ]);
  });

  it("gives a session that started after the heal its own 30 s", () => {
    const late = handWritten().workers("w1#1").write({ kind: "healed" }).wait(29_000).lives("w1#1");
    expect(late.violationsOf(completed)).toEqual([]);
  });

  it("counts in leases where these are long", () => {
    const slow = handWritten()
      .workers("w1#1")
      .starts()
      .runsFrom("login", "cleanup", "w1#1")
      .write({ kind: "healed" });
    expect(slow.wait(66_000).gets().violationsOf(completed, 60_000)).toEqual([]);
  });

  it("grants what a step that was ordered to fail was let rest before its retries, and no more", () => {
    const failed = handWritten()
      .workers("w1#1")
      .starts()
      .begins("login", "w1#1", { kind: "throw", when: "before" })
      .runsFrom("login", "cleanup", "w1#1")
      .write({ kind: "healed" });
    const run = analysisOf(failed.wait(65_999).gets().history(), { leaseMs, retryDelayMs: 30_000 });
    const late = analysisOf(failed.history(), { leaseMs, retryDelayMs: 29_999 });
    const violationsIn = (analysis: Analysis) => completed.check(caseOf(analysis, [spec])).violations;
    expect(violationsIn(run)).toEqual([]);
    expect(violationsIn(late)).toMatchObject([{ what: "finished 66000 ms after the last heal" }]);
  });

  it("fails a session that was started and never finished", () => {
    const hung = handWritten().workers("w1#1").starts().runs("login", "w1#1");
    expect(hung.violationsOf(completed)).toMatchObject([
      { what: "started by c1 and never finished", evidence: [{ kind: "started" }, { effect: "set-cache" }] },
    ]);
  });

  it("fails an acknowledged caller that got an error, even where another got the result", () => {
    const started = { kind: "started", session: "s1", caller: "c2" } as const;
    const failed = { kind: "result-failed", session: "s1", caller: "c2", error: "no answer" } as const;
    const run = handWritten().workers("w1#1").lives("w1#1").write(started).write(failed);
    expect(run.violationsOf(completed)).toMatchObject([
      { what: "c2 got an error and no result", evidence: [started, failed] },
    ]);
  });

  it("cannot tell, and so proves nothing, where a start was not acknowledged", () => {
    const calls = handWritten().calls();
    expect(() => calls.violationsOf(completed)).toThrow("never acknowledged");
    const refused = calls.write({ kind: "start-failed", session: "s1", caller: "c1", error: "no store" });
    expect(() => refused.violationsOf(completed)).toThrow("never acknowledged");
  });

  it("lets a start pass that failed while the store was down, or the caller's client cut off", () => {
    const refused = { kind: "start-failed", session: "s1", caller: "c1", error: "no store" } as const;
    const call = { kind: "call", session: "s1", caller: "c1", spec, client: 0 } as const;
    const down = handWritten().strikes("f1", "kill-store").write(call).write(refused).ends("f1");
    expect(down.violationsOf(completed)).toEqual([]);
    const cut = (client: number) =>
      handWritten()
        .write(call)
        .strikes("f1", "partition", [], { how: "cut", client })
        .ends("f1")
        .write(refused);
    expect(cut(0).violationsOf(completed)).toEqual([]);
    expect(() => cut(1).violationsOf(completed)).toThrow("never acknowledged");
    const hung = handWritten().strikes("f1", "kill-store").write(call).ends("f1");
    expect(() => hung.violationsOf(completed)).toThrow("never acknowledged");
  });

  it("lets it pass for no other fault, none that came before or after, and no other caller's failure", () => {
    const call = { kind: "call", session: "s1", caller: "c1", spec } as const;
    const refused = { kind: "start-failed", session: "s1", caller: "c1", error: "no store" } as const;
    const untold = [
      handWritten().write(call).write(refused).strikes("f1", "kill-store").ends("f1"),
      handWritten().strikes("f1", "kill-store").ends("f1").write(call).write(refused),
      handWritten().strikes("f1", "pause", ["w1#1"]).write(call).write(refused).ends("f1"),
      handWritten().strikes("f1", "kill-store").write(call).calls("c2").write(refused).ends("f1"),
      handWritten().workers("w1#1").lives("w1#1").calls("c2"),
    ];
    for (const run of untold) expect(() => run.violationsOf(completed)).toThrow("never acknowledged");
  });

  it("cannot tell where such a start brought a session about that did not come to its end", () => {
    const refused = { kind: "start-failed", session: "s1", caller: "c1", error: "no store" } as const;
    const unheard = () =>
      handWritten().workers("w1#1").calls().strikes("f1", "kill-store").write(refused).ends("f1");
    const lost = unheard().runsFrom("login", "mark-idle", "w1#1");
    expect(() => lost.violationsOf(completed)).toThrow("never acknowledged");
    const ended = unheard().runsFrom("login", "cleanup", "w1#1");
    expect(ended.violationsOf(completed)).toEqual([]);
  });

  it("takes sessions for exposed that were interrupted or left waiting", () => {
    const both = handWritten().workers("w1#1").starts().runs("mark-idle", "w1#1");
    both
      .about({ ...spec, sessionId: "s2" })
      .starts()
      .begins("login", "w1#1")
      .kills("f1", ["w1#1"], "kill-all");
    both.workers("w1#2").runs("login", "w1#2").about(spec).runs("expire", "w1#2");
    expect(both.exposedTo(completed)).toEqual({ s1: ["f1"], s2: ["f1"] });
  });
});
