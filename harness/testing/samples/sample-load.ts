/** The sample's rows of load: sound and left out, with a limit and without. */
import type { LoadRow, LoadRows } from "../../experiments/load/rows.ts";

const embedded = "resonate@embedded";
const redis = "redis-bullmq@redis";

export const sampleLoad: LoadRows = {
  load: [
    load(embedded, "lifecycle", "no-op", 98.44),
    {
      ...load(embedded, "engine-ceiling", "none", 1210),
      stepsPerSecond: null,
      requestsPerSession: 4,
      shareOfCeiling: null,
    },
    load(redis, "lifecycle", "witnessed", 402.6),
    {
      ...load(redis, "lifecycle", "no-op", 49),
      clients: null,
      ratePerSecond: 49,
      shareOfPeak: 0.5,
      shareOfCeiling: null,
    },
    {
      ...load(redis, "lifecycle", "no-op", 512),
      shareOfCeiling: null,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      maxMs: null,
    },
  ],
  loadRatios: [
    {
      target: embedded,
      against: redis,
      world: "no-op",
      clients: 50,
      workers: 2,
      pairs: 5,
      ratio: { value: 0.192, low95: 0.181, high95: 0.204 },
      warnings: [],
    },
    {
      target: embedded,
      against: redis,
      world: "witnessed",
      clients: 200,
      workers: 2,
      pairs: 5,
      ratio: { value: 0.97, low95: 0.88, high95: 1.06 },
      warnings: ["interval includes 1", "within the A/A interval"],
    },
  ],
  loadAa: [
    {
      target: embedded,
      clients: 50,
      workers: 2,
      pairs: 6,
      ratio: { value: 1.01, low95: 0.97, high95: 1.04 },
    },
  ],
  loadBounds: [
    {
      target: embedded,
      clients: 200,
      workers: 2,
      cores: 2,
      workerProcessors: 1.12,
      storeProcessors: 0.48,
      clientProcessors: 0.29,
      boundBy: "processors",
      parts: [
        { part: "engine SDK", share: 0.31 },
        { part: "driver", share: 0 },
        { part: "transport", share: 0.2 },
        { part: "our code", share: 0.04 },
        { part: "runtime", share: 0.1 },
        { part: "waiting", share: 0.35 },
      ],
      request: "a promise.get by HTTP",
      requestsAlone: 12_400,
      limit: 826,
      shareOfLimit: 0.12,
      whyNoLimit: null,
    },
    {
      target: redis,
      clients: 200,
      workers: 2,
      cores: 2,
      workerProcessors: null,
      storeProcessors: null,
      clientProcessors: null,
      boundBy: "unknown",
      parts: null,
      request: null,
      requestsAlone: null,
      limit: null,
      shareOfLimit: null,
      whyNoLimit: "redis-benchmark was not found",
    },
  ],
  loadTuned: [
    {
      target: redis,
      tuned: "redis-bullmq@redis, concurrency 200",
      clients: 64,
      workers: 2,
      sessionsPerSecond: { value: 530, low95: 510, high95: 551 },
      pairs: 5,
      ratio: { value: 1.03, low95: 0.99, high95: 1.06 },
      warnings: ["interval includes 1", "within the A/A interval"],
    },
  ],
  loadLeftOut: [
    {
      target: redis,
      work: "engine-ceiling",
      world: "none",
      clients: 200,
      ratePerSecond: null,
      shareOfPeak: null,
      workers: 2,
      flaws: ["rounds drift", "machine was busy"],
      rounds: 48,
    },
  ],
};

function load(target: string, work: LoadRow["work"], world: LoadRow["world"], rate: number): LoadRow {
  return {
    target,
    work,
    world,
    clients: 50,
    ratePerSecond: null,
    workers: 2,
    rounds: 5,
    unfinishedRounds: 0,
    sessions: 1500,
    sessionsPerSecond: { value: rate, low95: rate * 0.98, high95: rate * 1.03 },
    stepsPerSecond: rate * 7,
    requestsPerSession: 22,
    shareOfCeiling: 0.8412,
    p50Ms: 481.2,
    p95Ms: 611,
    p99Ms: 702.9,
    maxMs: 840,
  };
}
