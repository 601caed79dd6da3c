import { expect, test } from "vitest";
import { sampleSoak } from "../../testing/samples/sample-soak.ts";
import { growthTable, minuteTable, overloadTable, soakTable } from "./tables.ts";

const rowOf = ({ rows }: { readonly rows: readonly (readonly string[])[] }, name: string) =>
  rows.find(([first]) => first === name);

test("a backlog that was never gone is no zero, and the table says what ended it", () => {
  const table = overloadTable(sampleSoak);
  expect(rowOf(table, "resonate@embedded")?.slice(3, 7)).toEqual(["7800", "3", "5697", "–"]);
  expect(table.note).toContain("resonate@embedded was stopped: the store ended: out of memory.");
  expect(table.note).toContain("The first failure of resonate@embedded: no answer.");
});

test("a client that was late with its starts is named", () => {
  const { note } = overloadTable(sampleSoak);
  expect(note).toContain("The client of resonate@embedded came to 321 starts per second.");
  expect(note).not.toContain("The client of redis-bullmq@redis");
});

test("sessions that nobody could wait for are not said to be lost", () => {
  const table = soakTable(sampleSoak);
  expect(rowOf(table, "resonate@embedded")?.[6]).toBe("–");
  expect(rowOf(table, "redis-bullmq@redis")?.[6]).toBe("0");
});

test("growth says whether it may be none, and what it is for each session of a store", () => {
  const table = growthTable(sampleSoak);
  const row = (what: string) => rowOf(table, `redis-bullmq@redis, ${what}`);
  // 41 MiB a minute, at 1000 sessions per second.
  expect(row("store memory")?.slice(4)).toEqual(["+2.40 GiB (+2.40 GiB to +2.40 GiB)", "no", "+717 B"]);
  expect(row("memory of the worker that lives")?.slice(4)).toEqual([
    "-60.0 MiB (-63.0 MiB to -57.0 MiB)",
    "no",
    "",
  ]);
  expect(row("connections of the worker that lives")?.slice(2)).toEqual([
    "6",
    "6",
    "+0 (+0 to +0)",
    "yes",
    "",
  ]);
  expect(rowOf(table, "resonate@embedded, store disk")?.slice(1)).toEqual(["0", "–", "–", "–", "–", ""]);
  expect(table.note).toContain("redis-bullmq@redis keeps its row for a day.");
});

test("a minute that a target did not live to see is empty", () => {
  expect(minuteTable(sampleSoak).rows).toEqual([
    ["1", "7790", "59210"],
    ["2", "7811", "60307"],
    ["3", "–", "59988"],
  ]);
});
