/** The sample's rows of recovery, durability, sleepers, cost and footprint, and with them those of load: measured and not, with and without an interval. */
import type { CostRow } from "../../experiments/cost/rows.ts";
import type { IdleScaleRow } from "../../experiments/idle-scale/rows.ts";
import type { LoadRows } from "../../experiments/load/rows.ts";
import type { Results } from "../../experiments/results.ts";
import { sampleLoad } from "./sample-load.ts";

const embedded = "resonate@embedded";
const redis = "redis-bullmq@redis";

export const samplePerformance: Pick<
  Results,
  "recovery" | "wakes" | "durability" | keyof LoadRows | "idleScale" | "cost" | "footprint"
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
  ...sampleLoad,
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
    flaw: null,
  };
}
