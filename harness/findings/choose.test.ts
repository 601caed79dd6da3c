import { expect, test } from "vitest";
import type { Finding } from "../engines/finding.ts";
import { findingsNamed, fitting } from "./choose.ts";

function finding(id: string, takesS: number): Finding {
  return { id, of: "engine", version: "1.0.0", what: "It loses.", shownBy: [], takesS, status: "present" };
}
const all = [finding("a", 300), finding("b", 400), finding("c", 200)];
const ids = (findings: readonly Finding[]) => findings.map(({ id }) => id);

test("what fits the time is played, in order; what does not is left out", () => {
  expect(ids(fitting(all, 600))).toEqual(["a", "c"]);
  expect(ids(fitting(all, 900))).toEqual(["a", "b", "c"]);
});

test("findings are named by id", () => {
  expect(ids(findingsNamed(all, undefined))).toEqual(["a", "b", "c"]);
  expect(ids(findingsNamed(all, ["c", "a"]))).toEqual(["a", "c"]);
  expect(() => findingsNamed(all, ["d"])).toThrow('Unknown finding "d"');
});
