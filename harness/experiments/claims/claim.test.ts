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
    expect(judgeClaim(declared, evidence)).toEqual({ observed, verdict });
  });
});
