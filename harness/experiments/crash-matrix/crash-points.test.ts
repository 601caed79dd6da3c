import { expect, test } from "vitest";
import { effectsOf, stepsOf } from "../../../implementations/session/steps.ts";
import { crashPointsNamed } from "./crash-points.ts";

test("lists every place once: 21 for a session with three activities", () => {
  const ids = crashPointsNamed().map(({ id }) => id);
  expect(ids).toHaveLength(21);
  expect(new Set(ids).size).toBe(21);
});

test("leaves out no effect that a checkpoint follows, on either side of it", () => {
  const points = crashPointsNamed();
  for (const step of stepsOf(3)) {
    const died = points.filter((point) => point.step === step && point.how.kind === "effect");
    expect(died.some(({ point }) => point === "before")).toBe(true);
    const last = effectsOf(step).at(-1);
    expect(
      died.some(({ point, how }) => point === "after" && how.kind === "effect" && how.effect === last),
    ).toBe(true);
  }
});

test("names one point, or one row", () => {
  expect(crashPointsNamed(["record:1/after"]).map(({ id }) => id)).toEqual(["record:1/after"]);
  expect(crashPointsNamed(["sleep"]).map(({ id }) => id)).toEqual(["sleep/early", "sleep/late"]);
  expect(() => crashPointsNamed(["nowhere"])).toThrow('Unknown crash point "nowhere".');
});
