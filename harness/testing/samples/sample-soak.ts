/** Hand-written rows of overload and soak, shaped as a run would leave them: one target that came through, one that did not. */
import type { GrowthRow, OverloadRow, SoakRow, SoakRows } from "../../experiments/soak/rows.ts";

const embedded = "resonate@embedded";
const redis = "redis-bullmq@redis";
const mebibyte = 1024 ** 2;

const overloaded: OverloadRow = {
  target: redis,
  workers: 2,
  clients: 64,
  peakPerSecond: 2000,
  ratePerSecond: 3000,
  begun: 60_000,
  finished: 60_000,
  failed: 0,
  failure: null,
  stopped: null,
  startingMs: 20_004,
  backlog: 21_400,
  drainedMs: 11_820,
  p50Ms: 5204,
  p95Ms: 10_911,
  p99Ms: 11_630,
  maxMs: 11_904,
};

const soaked: SoakRow = {
  target: redis,
  workers: 2,
  ratePerSecond: 1000,
  begun: 240_000,
  finished: 240_000,
  failed: 0,
  failure: null,
  stopped: null,
  forMs: 180_000,
  kills: 3,
  lost: 0,
  finishedPerMinute: [59_210, 60_307, 59_988],
  keeps: "its row for a day",
};

export const sampleSoak: SoakRows = {
  overload: [
    {
      ...overloaded,
      target: embedded,
      peakPerSecond: 260,
      ratePerSecond: 390,
      begun: 7800,
      finished: 2100,
      failed: 3,
      failure: "no answer",
      stopped: "the store ended: out of memory",
      startingMs: 24_310,
      backlog: 5697,
      drainedMs: null,
    },
    overloaded,
  ],
  soak: [
    {
      ...soaked,
      target: embedded,
      ratePerSecond: 130,
      begun: 23_400,
      finished: 21_005,
      stopped: "the store ended: out of memory",
      lost: null,
      finishedPerMinute: [7790, 7811],
      keeps: null,
    },
    soaked,
  ],
  growth: [
    grown(embedded, "store memory", 62 * mebibyte, 2 * mebibyte, 90 * mebibyte),
    { target: embedded, what: "store disk", lives: 0, samples: [], perHour: null },
    grown(redis, "store memory", 9 * mebibyte, 41 * mebibyte, 2 * mebibyte),
    grown(redis, "memory of the worker that lives", 140 * mebibyte, -mebibyte, 3 * mebibyte),
    {
      ...grown(redis, "memory of the worker that is killed", 95 * mebibyte, mebibyte, mebibyte / 2),
      lives: 3,
    },
    grown(redis, "connections of the worker that lives", 6, 0, 0),
  ],
};

/** From a level, by so much in a minute, which is known to within so much. */
function grown(target: string, what: GrowthRow["what"], from: number, by: number, within: number): GrowthRow {
  const value = 60 * by;
  return {
    target,
    what,
    lives: 1,
    samples: [0, 1, 2, 3].map((minute) => [minute, from + minute * by] as const),
    perHour: { value, low95: value - within, high95: value + within },
  };
}
