import fc from "fast-check";
import { expect, test } from "vitest";
import { packed, phasesOf } from "./phases-of.ts";

const begin = (step: string, atMs: number) => ({ kind: "begin", step, atMs });
const landed = (step: string, effect: string, atMs: number) => ({ kind: "landed", step, effect, atMs });

test("each phase lasts until the next one begins, the wait from the first mark, the last one until its audit row", () => {
  const entries = [
    { kind: "call", caller: "c", atMs: 0 },
    begin("login", 10),
    begin("record:0", 20),
    begin("record:1", 30),
    begin("mark-idle", 40),
    landed("mark-idle", "set-idle", 45),
    begin("expire", 100),
    begin("cleanup", 110),
    landed("cleanup", "write-audit", 130),
    { kind: "result", caller: "c", atMs: 150 },
  ];
  expect(phasesOf({ entries }).map(({ phase, fromMs, toMs }) => [phase, fromMs, toMs])).toEqual([
    ["login", 10, 20],
    ["record", 20, 40],
    ["mark-idle", 40, 45],
    ["wait", 45, 100],
    ["expire", 100, 110],
    ["cleanup", 110, 130],
  ]);
});

test("what a retry or a zombie repeats later begins nothing", () => {
  const entries = [begin("login", 0), begin("record:0", 10), begin("login", 15), begin("mark-idle", 20)];
  expect(phasesOf({ entries }).map(({ phase }) => phase)).toEqual(["login", "record", "mark-idle"]);
});

test("in a row of bars none covers another, and no row is empty", () => {
  const span = fc.record({ fromMs: fc.nat(1000), lengthMs: fc.nat(200) });
  fc.assert(
    fc.property(fc.array(span), (drawn) => {
      const spans = drawn.map(({ fromMs, lengthMs }) => ({ fromMs, toMs: fromMs + lengthMs }));
      const rows = packed(spans, 1);
      expect(rows).toHaveLength(spans.length);
      expect(new Set(rows).size).toBe(spans.length === 0 ? 0 : Math.max(...rows) + 1);
      for (const [row, own] of Map.groupBy(spans.entries(), ([index]) => rows[index])) {
        const inOrder = own.map(([, each]) => each).sort((a, b) => a.fromMs - b.fromMs);
        for (const [index, each] of inOrder.entries())
          expect(inOrder[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY, `row ${row}`).toBeGreaterThan(
            each.toMs,
          );
      }
    }),
  );
});
