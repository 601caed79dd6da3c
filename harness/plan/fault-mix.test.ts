import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { placesOf, plannedFaultKinds, weightOf } from "../faults/kinds/faults.ts";
import { arrivalsFor, faultCountsOf, faultMixOf } from "./fault-mix.ts";

const room = { arrivalsMs: 78_000, leaseMs: 1000 };

describe("faultMixOf", () => {
  test("reads kinds with weights, and 1 where none is given", () => {
    expect([...faultMixOf("kill:5, pause")]).toEqual([
      ["kill", 5],
      ["pause", 1],
    ]);
  });

  test("reads `all`, and lets a later weight replace its own", () => {
    const mix = faultMixOf("all,kill:100");
    expect([...mix.keys()]).toEqual(plannedFaultKinds);
    expect(mix.get("kill")).toBe(100);
  });

  test.each(["", "kil", "kill,", "kill:0", "kill:-1", "kill:1.5", "kill:1:2", "all:1:2", "crash-point"])(
    "refuses %j",
    (list) => {
      expect(() => faultMixOf(list)).toThrow(UsageError);
    },
  );
});

describe("faultCountsOf", () => {
  test("draws as many faults as there is room for, by weight", () => {
    const { kill = 0, pause = 0 } = faultCountsOf(faultMixOf("kill:4,pause:2"), room);
    expect(kill).toBe(2 * pause);
    const places = kill * placesOf("kill") + pause * placesOf("pause");
    expect(places).toBeGreaterThan(40);
    expect(places).toBeLessThan(46);
  });

  test("draws at least one of each kind, however little room there is; of the rare ones, where there is much", () => {
    const kindsWithout = (list: string, arrivalsMs: number) => {
      const counts = faultCountsOf(faultMixOf(list), { arrivalsMs, leaseMs: 1000 });
      return [...faultMixOf(list).keys()].filter((kind) => (counts[kind] ?? 0) < 1);
    };
    const rare = plannedFaultKinds.filter((kind) => weightOf(kind) < 1);
    expect(kindsWithout("all", 1000)).toEqual(rare);
    expect(kindsWithout("all", 2_000_000)).toEqual([]);
    expect(kindsWithout(rare.join(","), 1000)).toEqual([]);
  });

  test("has room for faults that take no time", () => {
    expect(faultCountsOf(faultMixOf("throw"), room).throw).toBeGreaterThan(30);
  });

  test("says how long arrivals last that have room for as many faults of each kind", () => {
    const mix = faultMixOf("all");
    const counts = faultCountsOf(mix, { arrivalsMs: arrivalsFor(mix, 2, 1000), leaseMs: 1000 });
    for (const [kind, weight] of mix) expect(counts[kind]).toBe(Math.round(2 * weight));
  });
});
