import { describe, expect, test } from "vitest";
import { expected, judgeClaim, measured } from "./claim.ts";

describe("judgeClaim", () => {
  const held = expected("executions", 1, 1);
  const refuted = expected("lateness", 1000, [-1, 999], "ms");
  const figure = measured("landings", 2);
  const missing = measured("crashes", null);

  test.each([
    ["holds where every bound is met", "holds", [held, figure], "holds", "pass"],
    ["does not hold where one bound is not", "holds", [held, refuted], "does-not-hold", "fail"],
    ["passes where it does not hold, as declared", "does-not-hold", [held, refuted], "does-not-hold", "pass"],
    ["fails where it holds though declared not to", "does-not-hold", [held], "holds", "fail"],
    ["is measured where nothing is promised", "measured", [figure], "measured", "pass"],
    [
      "fails where a bound beside a measured figure is broken",
      "measured",
      [figure, refuted],
      "does-not-hold",
      "fail",
    ],
    ["is unknown where the provocation did not happen", "holds", [held, missing], null, "unknown"],
    [
      "is unknown rather than refuted where it did not happen",
      "does-not-hold",
      [refuted, missing],
      null,
      "unknown",
    ],
    ["is unknown without any figure", "holds", [{ kind: "quote", source: "log", text: "" }], null, "unknown"],
  ] as const)("%s", (_, declared, evidence, observed, verdict) => {
    expect(judgeClaim(declared, evidence, false)).toEqual({ observed, verdict });
  });

  test("refutes nothing where a worker stalled with nobody's doing, and confirms what it can", () => {
    expect(judgeClaim("holds", [held, refuted], true)).toEqual({ observed: null, verdict: "unknown" });
    expect(judgeClaim("holds", [held], true)).toEqual({ observed: "holds", verdict: "pass" });
  });

  test("knows bounds that are open above", () => {
    const open = (value: number) => [expected("after the deadline", value, [-1, null], "ms")];
    expect(judgeClaim("holds", open(1_000_000), false).verdict).toBe("pass");
    expect(judgeClaim("holds", open(-2), false).verdict).toBe("fail");
  });
});
