/** What a clock that was set wrong excuses, and that it excuses no more: each case just inside and just outside. */
import { describe, expect, it } from "vitest";
import { type EngineClocks, storesAlone } from "../../history/clocks.ts";
import { type HandWritten, handWritten, leaseMs } from "../../testing/hand-written.ts";
import type { Invariant } from "../invariant.ts";
import { completed } from "./completed.ts";
import { notEarly } from "./not-early.ts";
import { repeatsExplained } from "./repeats-explained.ts";
import { timerKept } from "./timer-kept.ts";

const both: EngineClocks = {
  early: ["store"],
  late: ["store", "worker"],
  leases: ["store", "worker"],
};

/** The store's clock, or that of the workers in slot 1, jumps. */
const jumps = (run: HandWritten, byMs: number, slots: readonly number[] | null = null, fault = "f1") =>
  slots === null
    ? run.strikes(fault, "clock-store", [], { shift: { slots: [], ofStore: true, byMs } })
    : run.strikes(fault, "clock", ["w1#1"], { shift: { slots, byMs } });

const breaks = (run: HandWritten, invariant: Invariant, clocks = storesAlone) =>
  run.violationsOf(invariant, leaseMs, clocks).length > 0;

/** A session in its wait of 6 s, which began at this moment. */
const waiting = () => handWritten().workers("w1#1", "w2#1").starts().runsFrom("login", "mark-idle", "w1#1");

describe("early by as much as the clock was ahead that tells when a wait is over", () => {
  const expiresAfter = (ms: number, byMs: number, slots: readonly number[] | null = null) =>
    jumps(waiting(), byMs, slots).wait(ms).runs("expire", "w1#1");

  it("but not by more, nor where it was behind, nor by the clock of somebody else", () => {
    expect(breaks(expiresAfter(1_005, 5_000), notEarly)).toBe(false);
    expect(breaks(expiresAfter(980, 5_000), notEarly)).toBe(true);
    expect(breaks(expiresAfter(5_900, -5_000), notEarly)).toBe(true);
    expect(breaks(expiresAfter(1_005, 5_000, [1]), notEarly)).toBe(true);
  });

  it("and no more once it was set right, and what it stood still for is over", () => {
    const setRightBefore = (ms: number) => {
      const run = jumps(handWritten().workers("w1#1").starts(), 500).ends("f1").wait(ms);
      return run.runsFrom("login", "mark-idle", "w1#1").wait(5_600).runs("expire", "w1#1");
    };
    const neverBack: EngineClocks = { ...storesAlone, storeNeverRunsBack: true };
    expect(breaks(setRightBefore(100), notEarly, neverBack)).toBe(false);
    expect(breaks(setRightBefore(600), notEarly, neverBack)).toBe(true);
    expect(breaks(setRightBefore(100), notEarly)).toBe(true);
  });
});

describe("late by as much as such a clock jumped back", () => {
  const wakesAfter = (ms: number, byMs: number, slots: readonly number[] | null = null) =>
    jumps(waiting(), byMs, slots).wait(ms).runs("expire", "w2#1");

  it("but not by three leases more, and not by a clock that jumped forward and stayed there", () => {
    expect(breaks(wakesAfter(6_000 + 5_000 + 2_900, -5_000), timerKept)).toBe(false);
    expect(breaks(wakesAfter(6_000 + 5_000 + 3_100, -5_000), timerKept)).toBe(true);
    expect(breaks(wakesAfter(6_000 + 3_100, 5_000), timerKept)).toBe(true);
  });

  it("also where it jumps between the deadline and the look of whoever wakes", () => {
    const jumpsAfter = (ms: number) =>
      jumps(waiting().wait(6_000 + ms), -5_000)
        .wait(5_000)
        .runs("expire", "w2#1");
    expect(breaks(jumpsAfter(900), timerKept)).toBe(false);
    expect(breaks(jumpsAfter(6_000), timerKept)).toBe(true);
  });

  it("or was set right from being ahead while it waited", () => {
    const wakes = (ms: number) =>
      jumps(waiting(), 5_000).wait(1_000).ends("f1").wait(ms).runs("expire", "w2#1");
    expect(breaks(wakes(5_000 + 5_000 + 2_900), timerKept)).toBe(false);
    expect(breaks(wakes(5_000 + 5_000 + 3_100), timerKept)).toBe(true);
  });

  it("by a worker's, only where the engine goes by those", () => {
    const run = wakesAfter(6_000 + 5_000, -5_000, [1]);
    expect(breaks(run, timerKept, both)).toBe(false);
    expect(breaks(run, timerKept, storesAlone)).toBe(true);
  });

  it("and so is the bound on when a session must be done", () => {
    const doneAfter = (ms: number) =>
      jumps(waiting(), -5_000)
        .ends("f1")
        .write({ kind: "healed" })
        .wait(ms)
        .runsFrom("expire", "cleanup", "w1#1")
        .gets();
    expect(breaks(doneAfter(30_000 + 5_000 - 100), completed)).toBe(false);
    expect(breaks(doneAfter(30_000 + 5_000 + 100), completed)).toBe(true);
  });

  it("which a day that the store was away for moves by nothing, since its clock stays ahead", () => {
    const aDayLater = (ms: number) => {
      const shift = { slots: [1, 2], ofStore: true, byMs: 90_000_000, stays: true } as const;
      const run = waiting().strikes("f1", "day-outage", [], { shift }).wait(1_000).ends("f1");
      return run.write({ kind: "healed" }).wait(ms).runsFrom("expire", "cleanup", "w1#1").gets();
    };
    const late = (ms: number) =>
      [timerKept, completed].map((invariant) => breaks(aDayLater(ms), invariant, both));
    expect(late(0)).toEqual([false, false]);
    expect(late(30_100)).toEqual([true, true]);
  });
});

describe("a step is executed again where a clock robbed its worker of the lease", () => {
  /** w1 begins, its clock or the store's jumps after so long, and w2 takes over a lease later. */
  const takenOver = (jumpsAfterMs: number, slots: readonly number[] | null = null) =>
    jumps(
      handWritten().workers("w1#1", "w2#1").starts().begins("login", "w1#1").wait(jumpsAfterMs),
      -500,
      slots,
    )
      .wait(leaseMs)
      .runs("login", "w2#1");

  it("at the jump, by the clocks that it goes by", () => {
    expect(breaks(takenOver(100), repeatsExplained)).toBe(false);
    expect(breaks(takenOver(100, [1]), repeatsExplained)).toBe(true);
    expect(breaks(takenOver(100, [1]), repeatsExplained, both)).toBe(false);
    expect(breaks(takenOver(100, [2]), repeatsExplained, both)).toBe(true);
  });

  it("but not while it merely is off, more than two leases after the jump", () => {
    const run = (ms: number) =>
      jumps(handWritten().workers("w1#1", "w2#1").starts(), -500)
        .wait(ms)
        .begins("login", "w1#1")
        .runs("login", "w2#1");
    expect(breaks(run(1_900), repeatsExplained)).toBe(false);
    expect(breaks(run(2_100), repeatsExplained)).toBe(true);
  });
});

it("exposes who was at work under it, and who waited", () => {
  const run = jumps(waiting(), 300).wait(6_000).runs("expire", "w1#1");
  expect(Object.keys(run.exposedTo(notEarly))).toEqual(["s1"]);
  expect(Object.keys(run.exposedTo(repeatsExplained))).toEqual([]);
  const atWork = (slots: readonly number[]) =>
    jumps(handWritten().workers("w1#1").starts().begins("login", "w1#1"), 300, slots).lands("issue-token");
  expect(Object.keys(atWork([1]).exposedTo(repeatsExplained))).toEqual(["s1"]);
  expect(Object.keys(atWork([2]).exposedTo(repeatsExplained))).toEqual([]);
});

it("lets a session go whose caller comes back when it is no longer known, and no other", () => {
  const day = { early: [], late: [], leases: [], remembersForMs: 86_400_000 } as const;
  const again = (byMs: number, from: "cleanup" | "expire") => {
    const run = handWritten().workers("w1#1").starts().runsFrom("login", from, "w1#1");
    run
      .strikes("f1", "day-outage", [], { shift: { slots: [], ofStore: true, byMs, stays: true } })
      .ends("f1");
    return run.starts("c2").runs("login", "w1#1");
  };
  expect(breaks(again(90_000_000, "cleanup"), repeatsExplained, day)).toBe(false);
  expect(breaks(again(80_000_000, "cleanup"), repeatsExplained, day)).toBe(true);
  expect(breaks(again(90_000_000, "expire"), repeatsExplained, day)).toBe(true);
  expect(breaks(again(90_000_000, "cleanup"), repeatsExplained, storesAlone)).toBe(true);
});

it("owes nothing to a caller who had not heard of an end that is no longer known, and to any other", () => {
  const day = { early: [], late: [], leases: [], remembersForMs: 86_400_000 } as const;
  const unheard = (byMs: number) =>
    handWritten()
      .workers("w1#1")
      .starts()
      .runsFrom("login", "cleanup", "w1#1")
      .strikes("f1", "day-outage", [], { shift: { slots: [], ofStore: true, byMs, stays: true } })
      .ends("f1")
      .write({ kind: "result-failed", session: "s1", caller: "c1", error: "not known" });
  expect(breaks(unheard(90_000_000), completed, day)).toBe(false);
  expect(breaks(unheard(80_000_000), completed, day)).toBe(true);
});
