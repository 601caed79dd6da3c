import { expect, test } from "vitest";
import { ofTargets } from "./of-targets.ts";

test("keeps the rows of the targets that were chosen, hardened, by the book and tuned, and those of none", () => {
  const rows = {
    recovery: [{ target: "a@x", p50: 1 }, { target: "a-by-the-book@x" }, { target: "b@y" }],
    ratios: [
      { target: "a@x", against: "b@y" },
      { target: "a@x", against: "a@z" },
    ],
    codeSize: [{ implementation: "a" }, { implementation: "b-by-the-book" }, { implementation: "shared" }],
    selftest: [{ variant: "v" }],
    leftOut: [{ target: "a@z, more callers" }, { target: "b@y, more callers" }],
    note: "kept",
  };
  expect(ofTargets(rows, ["a@x", "a@z"])).toEqual({
    recovery: [{ target: "a@x", p50: 1 }, { target: "a-by-the-book@x" }],
    ratios: [{ target: "a@x", against: "a@z" }],
    codeSize: [{ implementation: "a" }, { implementation: "shared" }],
    selftest: [{ variant: "v" }],
    leftOut: [{ target: "a@z, more callers" }],
    note: "kept",
  });
});
