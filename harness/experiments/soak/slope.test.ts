import { expect, test } from "vitest";
import { type Point, slopeOf } from "./slope.ts";

const line = (from: number, slope: number, ...times: number[]): Point[] =>
  times.map((at) => [at, from + slope * at]);

test("the slope of a straight line is known for sure", () => {
  const slope = slopeOf([line(100, 3, 0, 1, 2, 3, 4)]);
  expect(slope?.value).toBeCloseTo(3);
  expect(slope?.low95).toBeCloseTo(3);
  expect(slope?.high95).toBeCloseTo(3);
});

test("its interval is that of Student's t", () => {
  // By hand: mean 3, Sxx 10, slope 0.6, residuals −0.8 0.6 1 −0.6 −0.2 (squares 2.4), error √(0.8 / 10), t(3) 3.1824.
  const points: Point[] = [
    [1, 2],
    [2, 4],
    [3, 5],
    [4, 4],
    [5, 5],
  ];
  const slope = slopeOf([points]);
  expect(slope?.value).toBeCloseTo(0.6);
  expect(slope?.low95).toBeCloseTo(0.6 - 3.1824 * Math.sqrt(0.08), 4);
  expect(slope?.high95).toBeCloseTo(0.6 + 3.1824 * Math.sqrt(0.08), 4);
});

test("that each life begins anew is no growth, and no shrinking", () => {
  const lives = [line(50, 2, 0, 1, 2, 3), line(42, 2, 4, 5, 6, 7), line(34, 2, 8, 9, 10)];
  expect(slopeOf(lives)?.value).toBeCloseTo(2);
  expect(slopeOf([lives.flat()])?.value).toBeLessThan(1);
});

test("a life of one sample says nothing, and changes nothing", () => {
  const life = line(10, -4, 0, 1, 3, 4);
  expect(slopeOf([life, [[9, 1000]], []])?.value).toBeCloseTo(slopeOf([life])?.value ?? Number.NaN);
});

test("there is no slope where no sample is left to say how sure it is, or all are of one time", () => {
  expect(slopeOf([])).toBeNull();
  expect(slopeOf([line(1, 1, 0, 1)])).toBeNull();
  expect(slopeOf([line(1, 1, 0, 1), line(5, 1, 2)])).toBeNull();
  expect(
    slopeOf([
      [
        [2, 1],
        [2, 5],
        [2, 9],
      ],
    ]),
  ).toBeNull();
});
