import { expect, test } from "vitest";
import { targets } from "../../targets/targets.ts";
import type { Measured } from "./arm.ts";
import { closedCells, inPlayOrder, rateCells } from "./cell.ts";
import { peaksOf, rowsOf } from "./found.ts";
import { loadSettingsFrom } from "./settings.ts";
import { flawsOf, isDone, playedFor, type Taken } from "./turns.ts";

const settings = loadSettingsFrom({ workers: [1, 2, 4], clients: [1, 16, 64, 256] }, "standard");
const cells = closedCells(targets, settings);

function rounds(...rates: number[]): readonly Measured[] {
  return rates.map((sessionsPerSecond) => ({
    sessionsPerSecond,
    latenciesMs: [4, 5],
    tookMs: 2000 / sessionsPerSecond,
    requestsPerSession: 15,
    processors: { workers: 1, store: 0.4, client: 0.3, others: 0.01 },
    window: { fromMs: 0, toMs: 2000 },
  }));
}

function withOthers(...processors: (number | null)[]): readonly Measured[] {
  return processors.map((others) => ({
    ...(rounds(100)[0] as Measured),
    processors: { workers: 1, store: 0.4, client: 0.3, others },
  }));
}

/** Every cell with the same rounds, but for what `of` says. */
function taken(of: (cell: Taken["cell"]) => Partial<Taken> = () => ({})): readonly Taken[] {
  return cells.map((cell) => {
    const own = rounds(100, 101, 99);
    return {
      cell,
      rounds: own,
      against: cell.against === null ? [] : own,
      flaws: [],
      unfinishedRounds: 0,
      roundsInAll: own.length,
      ...of(cell),
    };
  });
}

test("the main number of workers meets every number of clients, the others one, and one target is there twice", () => {
  const sizes = cells
    .filter(({ target, kind }) => target === targets[0] && kind.world === "no-op")
    .map(({ setting: { workers, clients }, isAgain }) => `${workers} ${clients}${isAgain ? " again" : ""}`);
  expect(sizes).toEqual(["1 64", "2 1", "2 16", "2 64 again", "2 64", "2 256", "4 64"]);
  const base = cells.find(({ isAgain }) => isAgain)?.against;
  expect(base?.setting).toMatchObject({ workers: 2, clients: 64 });
});

test("where a target is there twice, all have longer rounds and more turns; quick rounds are all alike", () => {
  const long = cells.filter(({ extent }) => extent !== settings);
  expect(long.map(({ target, isAgain }) => `${target.name}${isAgain ? " again" : ""}`)).toEqual([
    `${targets[0]?.name} again`,
    ...targets.map(({ name }) => name),
  ]);
  for (const { kind, setting, extent } of long) {
    expect([kind.work, kind.world, setting.workers, setting.clients]).toEqual(["lifecycle", "no-op", 2, 64]);
    expect(extent).toEqual({ turns: [4, 12], roundMs: 10_000 });
  }
  const asked = loadSettingsFrom({ turns: 3, roundTime: 700 }, "standard");
  for (const { extent } of closedCells(targets, asked))
    expect(extent).toMatchObject({ turns: [3, 3], roundMs: 700 });
  const quick = loadSettingsFrom({}, "quick");
  for (const { extent } of closedCells(targets, quick)) expect(extent).toBe(quick);
});

test("only lifecycles are held against another target, and only against the baseline", () => {
  for (const { target, kind, against, isAgain } of cells) {
    if (kind.work === "engine-ceiling" || (target === targets[0] && !isAgain)) expect(against).toBeNull();
    else expect(against?.target).toBe(targets[0]);
  }
});

test("a target has rates of its own peak and one that all share", () => {
  const [first, second] = targets;
  const peaks = new Map([
    [first?.name ?? "", 200],
    [second?.name ?? "", 2000],
  ]);
  const rates = rateCells(targets, peaks, settings).map(({ target, setting }) => [
    target.name,
    setting.ratePerSecond,
    setting.shareOfPeak,
  ]);
  expect(rates).toEqual([
    [first?.name, 100, 0.5],
    [first?.name, 160, 0.8],
    [first?.name, 100, null],
    [second?.name, 1000, 0.5],
    [second?.name, 1600, 0.8],
    [second?.name, 100, null],
  ]);
  expect(rateCells(targets, new Map([[first?.name ?? "", 200]]), settings)).toHaveLength(3); // the other has no peak
});

test("a ratio that a target also shows against itself is no difference", () => {
  const found = rowsOf(
    taken(({ isAgain, against }) =>
      isAgain ? { rounds: rounds(106, 104, 97) } : against === null ? {} : { rounds: rounds(104, 105, 103) },
    ),
  );
  expect(found.loadAa).toHaveLength(1);
  expect(found.loadRatios.length).toBeGreaterThan(0);
  for (const { ratio, warnings } of found.loadRatios) {
    expect(ratio.low95).toBeGreaterThan(1);
    expect(warnings).toEqual(["within the A/A interval"]);
  }
  const shares = found.load.map(({ work, target, shareOfCeiling }) => [work, target, shareOfCeiling]);
  expect(shares).toContainEqual(["lifecycle", targets[0]?.name, 1]);
  expect(shares).toContainEqual(["lifecycle", targets[1]?.name, 1.04]);
  expect(shares).toContainEqual(["engine-ceiling", targets[0]?.name, null]);
});

test("a row with a flaw has no figure and is named", () => {
  const second = targets[1]?.name;
  const all = taken(({ target }) =>
    target.name === second ? { flaws: ["machine was busy"], roundsInAll: 48 } : {},
  );
  const found = rowsOf(all);
  expect(found.load.some(({ target }) => target === second)).toBe(false);
  expect(found.loadRatios).toEqual([]);
  expect(new Set(found.loadLeftOut.map(({ target, rounds: taken }) => `${target} ${taken}`))).toEqual(
    new Set([`${second} 48`]),
  );
  expect([...peaksOf(all, 2).keys()]).toEqual([targets[0]?.name]);
});

test("rounds are flawed where they drift, and where others took the machine in most of them", () => {
  expect(flawsOf([rounds(100, 101, 100, 99)])).toEqual([]);
  expect(flawsOf([rounds(100, 101, 120, 119)])).toEqual(["rounds drift"]);
  expect(flawsOf([rounds(100, 101), rounds(80, 80, 100, 100)])).toEqual(["rounds drift"]); // those held against
  expect(flawsOf([rounds(100, 150)])).toEqual([]); // a round on each side says nothing
  expect(flawsOf([withOthers(0, 90, 0)])).toEqual([]);
  expect(flawsOf([withOthers(90, 90, 0)])).toEqual(["machine was busy"]);
  expect(flawsOf([withOthers(null, null, null)])).toEqual([]);
});

test("a row has turns until it is sure, and more of them while it is flawed", () => {
  const steady = rounds(100, 101, 100, 99);
  const noisy = rounds(100, 140, 140, 100);
  const cell = cells[0] as Taken["cell"];
  const none = { cell, against: [], flaws: [], unfinishedRounds: 0 };
  const done = (own: readonly Measured[], more: Partial<Taken> = {}) =>
    isDone({ ...none, rounds: own, roundsInAll: own.length, ...more }, settings.retakes);
  expect(done(steady.slice(1))).toBe(false); // three of four at the least
  expect(done(steady)).toBe(true);
  expect(done(noisy)).toBe(false);
  expect(done([...noisy, ...noisy])).toBe(true);
  expect(done(steady, { roundsInAll: 8, flaws: ["machine was busy"] })).toBe(false);
  expect(done(steady, { roundsInAll: 47, flaws: ["rounds drift"] })).toBe(false);
  expect(done(steady, { roundsInAll: 48, flaws: ["rounds drift"] })).toBe(true); // which is then left out
  expect(done(steady, { against: noisy })).toBe(false); // its own rate is narrow, its ratio is not
  expect(done(steady.slice(1), { unfinishedRounds: 2, roundsInAll: 5 })).toBe(false);
  expect(done([], { unfinishedRounds: 3, roundsInAll: 3 })).toBe(true); // which is left out at once
});

test("two targets are compared in rounds before which both have played the same", () => {
  const main = cells.filter(({ setting }) => setting.workers === 2);
  const own = (of: (cell: Taken["cell"]) => boolean) => inPlayOrder(main, settings).filter(of);
  const [first, second, again] = [
    own(({ target, isAgain }) => target === targets[0] && !isAgain),
    own(({ target }) => target === targets[1]),
    own(({ isAgain }) => isAgain),
  ];
  const played = (
    asked: readonly Taken["cell"][],
    all: readonly Taken["cell"][],
    givenUp: readonly Taken["cell"][] = [],
  ) => playedFor(new Set(asked), all, givenUp).map(({ kind, setting }) => `${kind.work} ${setting.clients}`);
  expect(played(again, again)).toEqual(played(first.slice(0, 1), first)); // nothing but the warm-up before it
  const at16 = second.filter(({ kind, setting }) => kind.world === "no-op" && setting.clients === 16);
  expect(played(at16, second)).toEqual(["lifecycle 64", "lifecycle 1", "lifecycle 16"]);
  expect(played(at16, second, first.slice(0, 1))).toEqual(["lifecycle 1", "lifecycle 16"]);
  expect(played(second.slice(0, 1), second, first.slice(0, 1))).toEqual(["lifecycle 64"]); // another target's own row
  expect(played([], first)).toEqual([]);
});
