/** The sample's rows of recovery, durability, load, sleepers, cost and footprint: measured and not, with and without an interval. */
import type { CostRow } from "../../experiments/cost/rows.ts";
import type { IdleScaleRow } from "../../experiments/idle-scale/rows.ts";
import type { LoadRow } from "../../experiments/load/rows.ts";
import type { Results } from "../../experiments/results.ts";

const embedded = "resonate@embedded";
const redis = "redis-bullmq@redis";

export const samplePerformance: Pick<
  Results,
  | "recovery"
  | "wakes"
  | "durability"
  | "load"
  | "loadRatios"
  | "loadAa"
  | "loadBounds"
  | "loadTuned"
  | "loadLeftOut"
  | "idleScale"
  | "cost"
  | "footprint"
> = {
  recovery: [
    {
      target: embedded,
      faultKind: "kill",
      leaseMs: 1000,
      leaseIsDefault: false,
      intervals: 118,
      censored: 3,
      p50Ms: 812.4,
      p95Ms: 1104,
      p99Ms: 1290.6,
      maxMs: 1311,
    },
    {
      target: redis,
      faultKind: "kill",
      leaseMs: 30_000,
      leaseIsDefault: true,
      intervals: 0,
      censored: 1,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      maxMs: null,
    },
  ],
  wakes: [
    {
      target: embedded,
      faultKind: "kill",
      leaseMs: 1000,
      leaseIsDefault: false,
      wakes: 97,
      p50Ms: 21,
      p95Ms: 64.2,
      p99Ms: 980,
      maxMs: 1104,
    },
    {
      target: redis,
      faultKind: "none",
      leaseMs: 1000,
      leaseIsDefault: false,
      wakes: 1,
      p50Ms: 9,
      p95Ms: 9,
      p99Ms: 9,
      maxMs: 9,
    },
  ],
  durability: [
    {
      target: embedded,
      durability: "process",
      sessions: 200,
      syncsPerSession: 0,
      slowest: 61.2,
      median: 64.9,
      fastest: 66.1,
    },
    {
      target: redis,
      durability: "fsync",
      sessions: 200,
      syncsPerSession: null,
      slowest: 201.4,
      median: 220,
      fastest: 231.7,
    },
  ],
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
      takes: 6,
    },
  ],
  idleScale: [
    sleepers(embedded, 1000, "spread over 10 s", null),
    {
      ...sleepers(embedded, 10_000, "all at once", "it took longer than 20 s to build"),
      buildMs: null,
      diskBytesPerSession: null,
      storeCpuMsPerSecond: null,
      workerCpuMsPerSecond: null,
      latenessP50Ms: null,
      latenessP99Ms: null,
      latenessMaxMs: null,
    },
    sleepers(redis, 1000, "spread over 10 s", null),
  ],
  cost: [
    cost(embedded, 1, 18, 9_210),
    cost(embedded, 10, 36, 24_830),
    cost(embedded, 100, 216, 1_048_576),
    cost(redis, 10, 71, 12_410),
    { ...cost(redis, 100, 611, null), requests: null, workerCpuMsPerSession: null, storePeakBytes: null },
  ],
  footprint: [
    {
      implementation: "resonate",
      services: ["Resonate server"],
      packages: ["@resonatehq/sdk"],
      packagesInAll: 3,
      concepts: ["promise", "task", "durable sleep"],
      licences: {},
    },
    {
      implementation: "redis-bullmq",
      services: ["Redis"],
      packages: ["bullmq", "ioredis"],
      packagesInAll: 21,
      concepts: [],
      licences: {},
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

function sleepers(
  target: string,
  count: number,
  due: IdleScaleRow["due"],
  stopped: string | null,
): IdleScaleRow {
  return {
    target,
    sleepers: count,
    due,
    stopped,
    buildMs: 8_420,
    storeBytesPerSession: 3_412.5,
    diskBytesPerSession: 1_804,
    storeCpuMsPerSecond: 12.4,
    workerCpuMsPerSecond: 0,
    latenessP50Ms: -0.4,
    latenessP99Ms: 38.2,
    latenessMaxMs: 61,
  };
}

function cost(target: string, activities: number, requests: number, wireBytes: number | null): CostRow {
  return {
    target,
    activities,
    sessions: 50,
    requests: [
      { kind: "task.fence", perSession: requests - 4 },
      { kind: "promise.create", perSession: 4 },
    ],
    roundTripsPerSession: requests,
    wireBytesPerSession: wireBytes,
    diskBytesPerSession: requests * 310,
    workerCpuMsPerSession: requests * 0.21,
    storeCpuMsPerSession: requests * 0.093,
    workerPeakBytes: 121_000_000,
    storePeakBytes: 88_000_000,
    workerConnections: 9,
    clientConnections: null,
  };
}
