import { describe, expect, it } from "vitest";
import { handWritten } from "../../testing/hand-written.ts";
import { repeatsExplained } from "./repeats-explained.ts";

/** The first execution of `login`, on w1#1. */
function begun() {
  return handWritten().workers("w1#1", "w2#1").starts().begins("login", "w1#1");
}

describe("repeats-explained", () => {
  it("passes a lifecycle without repeats", () => {
    expect(handWritten().workers("w1#1").lives("w1#1").violationsOf(repeatsExplained)).toEqual([]);
  });

  it("passes a repeat after the worker's death", () => {
    const killed = begun().kills("f1", ["w1#1"]).runs("login", "w2#1");
    expect(killed.violationsOf(repeatsExplained)).toEqual([]);
    expect(killed.exposedTo(repeatsExplained)).toEqual({ s1: ["f1"] });
  });

  it("passes a repeat after a death that no fault ordered", () => {
    const crashed = begun()
      .write({ kind: "exited", worker: "w1#1", signal: null, code: 1 })
      .runs("login", "w2#1");
    expect(crashed.violationsOf(repeatsExplained)).toEqual([]);
  });

  it("takes an exit in good order that nobody asked for for a death", () => {
    expect(begun().exits("w1#1").runs("login", "w2#1").violationsOf(repeatsExplained)).toEqual([]);
  });

  it("fails a repeat though nothing happened", () => {
    expect(begun().runs("login", "w2#1").violationsOf(repeatsExplained)).toMatchObject([
      { session: "s1", evidence: [{ execution: "x1" }, { execution: "x2" }] },
    ]);
  });

  it("fails a repeat after the death of another worker", () => {
    expect(begun().kills("f1", ["w2#1"]).runs("login", "w1#1").violationsOf(repeatsExplained)).toHaveLength(
      1,
    );
  });

  it("fails a second repeat that only the first repeat's reason would explain", () => {
    const thrice = begun().kills("f1", ["w1#1"]).runs("login", "w2#1").runs("login", "w2#1");
    expect(thrice.violationsOf(repeatsExplained)).toMatchObject([
      { evidence: [{ execution: "x2" }, { execution: "x3" }] },
    ]);
  });

  it("fails a repeat that came before the death that might have explained it", () => {
    expect(begun().runs("login", "w2#1").kills("f1", ["w1#1"]).violationsOf(repeatsExplained)).toHaveLength(
      1,
    );
  });

  it("passes a repeat of an execution that was ordered to throw or to stop, but not of one that was ordered to be slow", () => {
    const session = () => handWritten().workers("w1#1").starts();
    const thrown = session().begins("login", "w1#1", { kind: "throw", when: "after" }).runs("login", "w1#1");
    expect(thrown.violationsOf(repeatsExplained)).toEqual([]);
    const stop = { kind: "pause", when: "after", effect: "issue-token" } as const;
    expect(
      session().begins("login", "w1#1", stop).runs("login", "w1#1").violationsOf(repeatsExplained),
    ).toEqual([]);
    const slow = session().begins("login", "w1#1", { kind: "slow", delayMs: 2_000 }).runs("login", "w1#1");
    expect(slow.violationsOf(repeatsExplained)).toHaveLength(1);
  });

  const alive = { kind: "alive", worker: "w1#1" } as const;

  it("passes a repeat after a silence of more than half a lease, whether it ended by a word or by death", () => {
    const silent = () => begun().write(alive).wait(800).runs("login", "w2#1");
    expect(silent().write(alive).violationsOf(repeatsExplained)).toEqual([]);
    expect(silent().kills("f1", ["w1#1"]).violationsOf(repeatsExplained)).toEqual([]);
  });

  it("passes a repeat before its fault's exit was recorded", () => {
    const fault = { kind: "fault", fault: "f1", faultKind: "kill", workers: ["w1#1"] } as const;
    const late = begun().write(fault).runs("login", "w2#1");
    late.write({ kind: "exited", worker: "w1#1", signal: "SIGKILL", code: null });
    expect(late.violationsOf(repeatsExplained)).toEqual([]);
  });

  it("fails a repeat before the silence that might have explained it", () => {
    const early = begun().write(alive).runs("login", "w2#1").wait(2_000).write(alive);
    expect(early.violationsOf(repeatsExplained)).toHaveLength(1);
  });

  it("fails a repeat after a short silence, and after one that was over a lease before the step began", () => {
    const short = begun().write(alive).wait(400).write(alive).runs("login", "w2#1");
    expect(short.violationsOf(repeatsExplained)).toHaveLength(1);
    const before = handWritten().workers("w1#1").write(alive).wait(900).write(alive);
    for (let beat = 0; beat < 12; beat++) before.wait(100).write(alive);
    const over = before.starts().runs("login", "w1#1").write(alive).runs("login", "w1#1").write(alive);
    expect(over.violationsOf(repeatsExplained)).toHaveLength(1);
  });

  it("takes no silence from a worker that never said that it was alive", () => {
    expect(begun().wait(2_000).runs("login", "w2#1").violationsOf(repeatsExplained)).toHaveLength(1);
  });

  it("takes no crash for a reason to run a step again once a later one has begun", () => {
    const back = () => handWritten().workers("w1#1", "w2#1").starts().runsFrom("login", "record:0", "w1#1");
    expect(back().runs("login", "w1#1").violationsOf(repeatsExplained)).toHaveLength(1);
    expect(back().kills("f1", ["w1#1"]).runs("login", "w2#1").violationsOf(repeatsExplained)).toMatchObject([
      { what: "login was executed after record:0 had begun" },
    ]);
  });

  it("fails a step that is begun for the first time after a later one", () => {
    const late = handWritten().workers("w1#1").starts().runs("record:1", "w1#1").runs("record:0", "w1#1");
    expect(late.violationsOf(repeatsExplained)).toMatchObject([
      { what: "record:0 was executed after record:1 had begun" },
    ]);
  });

  it("passes a repeat after the worker was stopped, cut off or lost its store, and up to two leases later", () => {
    for (const [kind, workers] of [
      ["pause", ["w1#1"]],
      ["partition", ["w1#1"]],
      ["kill-store", []],
    ] as const) {
      const under = begun().strikes("f1", kind, workers).wait(1_100).runs("login", "w2#1");
      expect(under.violationsOf(repeatsExplained)).toEqual([]);
      const healed = () =>
        handWritten().workers("w1#1", "w2#1").starts().strikes("f1", kind, workers).ends("f1");
      const later = (ms: number) => healed().wait(ms).begins("login", "w1#1").runs("login", "w2#1");
      expect(later(1_900).violationsOf(repeatsExplained)).toEqual([]);
      expect(later(2_100).violationsOf(repeatsExplained)).toHaveLength(1);
    }
  });

  it("fails a repeat before its worker was stopped", () => {
    const early = begun().runs("login", "w2#1").strikes("f1", "pause", ["w1#1"]).wait(1_100).ends("f1");
    expect(early.violationsOf(repeatsExplained)).toHaveLength(1);
  });

  it("takes nobody for a zombie who was stopped only after he had been overtaken", () => {
    const early = begun().runs("login", "w2#1").strikes("f1", "pause", ["w1#1"]).wait(1_100).ends("f1");
    expect(early.begins("login", "w1#1").violationsOf(repeatsExplained)).toHaveLength(2);
  });

  it("fails a repeat after another worker was stopped", () => {
    const other = begun().strikes("f1", "pause", ["w2#1"]).wait(1_100).ends("f1").runs("login", "w2#1");
    expect(other.violationsOf(repeatsExplained)).toHaveLength(1);
  });

  it("lets a zombie begin one step before it learns that it was overtaken, and not two", () => {
    const overtaken = () => {
      const run = handWritten().workers("w1#1", "w2#1").starts().runs("login", "w1#1");
      run.begins("record:0", "w1#1").strikes("f1", "pause", ["w1#1"]).wait(1_100);
      return run.runs("record:0", "w2#1").begins("record:1", "w2#1").ends("f1");
    };
    expect(overtaken().begins("record:1", "w1#1").violationsOf(repeatsExplained)).toEqual([]);
    expect(overtaken().begins("record:0", "w1#1").violationsOf(repeatsExplained)).toEqual([]);
    const twice = overtaken().begins("record:0", "w1#1").begins("record:1", "w1#1");
    expect(twice.violationsOf(repeatsExplained)).toHaveLength(1);
    const another = overtaken().workers("w3#1").begins("record:0", "w3#1");
    expect(another.violationsOf(repeatsExplained)).toHaveLength(1);
    const twin = overtaken().begins("record:1", "w1#1").begins("record:1", "w2#1");
    expect(twin.violationsOf(repeatsExplained)).toHaveLength(1);
  });

  it("calls nobody a zombie who was starved: nothing but the silence says that it was", () => {
    const beat = { kind: "alive", worker: "w1#1" } as const;
    const run = begun().write(beat).wait(800).runs("login", "w2#1").begins("record:0", "w2#1");
    expect(run.begins("login", "w1#1").write(beat).violationsOf(repeatsExplained)).toHaveLength(1);
  });

  it("lets each worker be a zombie once for each fault", () => {
    const run = begun().workers("w3#1").strikes("f1", "kill-store").wait(1_100).ends("f1");
    run.runs("login", "w2#1").runs("login", "w3#1").runs("record:0", "w3#1");
    run.begins("login", "w1#1").begins("login", "w2#1");
    expect(run.violationsOf(repeatsExplained)).toEqual([]);
    run.wait(3_000).begins("record:1", "w1#1").strikes("f2", "pause", ["w1#1"]).wait(1_100);
    run.runs("record:1", "w2#1").runs("mark-idle", "w2#1").ends("f2").begins("record:1", "w1#1");
    expect(run.violationsOf(repeatsExplained)).toEqual([]);
  });

  it("knows a zombie in the worker that took its own session again, and excuses one step of it", () => {
    const paused = () => handWritten().workers("w1#1").starts().begins("login", "w1#1");
    const overtaken = () =>
      paused().strikes("f1", "pause", ["w1#1"]).wait(1_100).ends("f1").runs("login", "w1#1");
    const gone = () => overtaken().begins("record:0", "w1#1");
    expect(gone().begins("login", "w1#1").violationsOf(repeatsExplained)).toEqual([]);
    const twice = gone().begins("login", "w1#1").begins("login", "w1#1");
    expect(twice.violationsOf(repeatsExplained)).toHaveLength(1);
    const alone = paused().strikes("f1", "pause", ["w1#1"]).wait(1_100).ends("f1").begins("record:0", "w1#1");
    expect(alone.begins("login", "w1#1").violationsOf(repeatsExplained)).toHaveLength(1);
  });

  it("passes a repeat after a worker that was told to leave was killed, and fails one after it left in good order", () => {
    const told = () => begun().strikes("f1", "terminate", ["w1#1"]).wait(100);
    expect(told().exits("w1#1", "SIGKILL").runs("login", "w2#1").violationsOf(repeatsExplained)).toEqual([]);
    const failed = told().write({ kind: "exited", worker: "w1#1", signal: null, code: 1 });
    expect(failed.runs("login", "w2#1").violationsOf(repeatsExplained)).toEqual([]);
    expect(told().exits("w1#1").runs("login", "w2#1").violationsOf(repeatsExplained)).toHaveLength(1);
    expect(told().runs("login", "w2#1").exits("w1#1").violationsOf(repeatsExplained)).toHaveLength(1);
  });
});
