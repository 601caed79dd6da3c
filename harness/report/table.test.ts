import { expect, test } from "vitest";
import { fitted, type Table } from "./table.ts";

const table = (targets: number, hasTargetsAcross: boolean): Table => ({
  title: "t",
  headers: ["invariant", ...Array.from({ length: targets }, (_, index) => `t${index}`)],
  rows: ["a", "b"].map((row) => [row, ...Array.from({ length: targets }, (_, index) => `${row}${index}`)]),
  note: "n",
  ...(hasTargetsAcross ? { hasTargetsAcross } : {}),
});

test("four targets stand side by side, five one below the other", () => {
  expect(fitted(table(4, true))).toEqual(table(4, true));
  expect(fitted(table(5, true))).toEqual({
    title: "t",
    headers: ["target", "a", "b"],
    rows: [0, 1, 2, 3, 4].map((index) => [`t${index}`, `a${index}`, `b${index}`]),
    note: "n",
  });
});

test("columns that are no targets stay as they are", () => {
  expect(fitted(table(9, false))).toEqual(table(9, false));
});
