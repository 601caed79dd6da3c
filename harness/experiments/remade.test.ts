import { expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { tuned } from "../report/target-name.ts";
import { sampleResults } from "../testing/samples/sample-results.ts";
import { withRemade } from "./remade.ts";
import { factsAndRowsOf, type Results, resultsOf } from "./results.ts";

const settings = { chaos: {}, cost: {} };
const older: Results = { ...sampleResults, run: { ...sampleResults.run, settings } };
const { facts } = factsAndRowsOf(older);
const [first] = sampleResults.cost;
if (first === undefined) throw new Error("the sample has no cost");

/** A run of `cost` alone, on the target of the sample's first row. */
const target = first.target;
const newer = resultsOf(
  {
    ...facts,
    targets: [{ name: target, status: "ran", reason: null }],
    run: { ...facts.run, command: "cost", seed: null, settings: { cost: {} }, commit: "newer" },
  },
  { cost: [{ ...first, activities: 99 }] },
);

test("what was played again takes the place of the same target's rows, and everything else stays", () => {
  const both = withRemade(older, newer);
  expect(both.cost).toEqual([
    { ...first, activities: 99 },
    ...older.cost.filter((row) => row.target !== target),
  ]);
  const { cost: _, run: __, ...others } = both;
  const { cost: ___, run: ____, ...before } = older;
  expect(others).toEqual({ ...before, targets: expect.arrayContaining([...before.targets]) });
  expect(both.run.commit).toBe(older.run.commit);
  expect(both.run.remade).toMatchObject([{ experiments: ["cost"], targets: [target], commit: "newer" }]);
});

test("what was found before of what was played again is gone, also where nothing was found in its place", () => {
  const [aa] = older.loadAa;
  const [leftOut] = older.loadLeftOut;
  if (aa === undefined || leftOut === undefined) throw new Error("the sample has no load");
  const others = { aa: { ...aa, target: "other@store" }, leftOut: { ...leftOut, target: "other@store" } };
  const rows = {
    loadAa: [{ ...aa, target }, others.aa],
    loadLeftOut: [others.leftOut, { ...leftOut, target: tuned(target, "more callers") }],
  };
  const both = withRemade({ ...older, ...rows, cost: [first] }, loadOf(target));
  expect(both.loadAa).toEqual([others.aa]);
  expect(both.loadLeftOut).toEqual([others.leftOut]);
  expect(both.cost).toEqual([first]); // which was not played again
});

test("a run that was ended early replaces what it found, and nothing else", () => {
  const ended = loadOf(target, { isUnfinished: true, settings: { load: {}, cost: {} } });
  const both = withRemade(older, { ...ended, cost: newer.cost });
  expect(both.cost).toContainEqual({ ...first, activities: 99 });
  expect(both.loadAa).toEqual(older.loadAa);
  expect(both.run.remade).toMatchObject([{ experiments: ["cost"] }]);
});

/** A run of `load` alone on one target, which left nothing worth telling. */
function loadOf(name: string, run: Partial<Results["run"]> = {}): Results {
  const ran = { name, status: "ran", reason: null } as const;
  return resultsOf({ ...facts, targets: [ran], run: { ...facts.run, settings: { load: {} }, ...run } }, {});
}

test("a run of another machine is not put beside it", () => {
  const elsewhere = { ...newer, machine: { ...newer.machine, cores: newer.machine.cores + 1 } };
  expect(() => withRemade(older, elsewhere)).toThrow(UsageError);
});

test("nor is anything put into a run that does not say what it was told", () => {
  const { settings: _, ...run } = older.run;
  expect(() => withRemade({ ...older, run }, newer)).toThrow(UsageError);
});
