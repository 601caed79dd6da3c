/** Hand-written rows of what each target costs, shaped as a run would leave them; the page's tests draw them. */
import type { CostRow } from "../../experiments/cost/rows.ts";
import type { IdleScaleRow } from "../../experiments/idle-scale/rows.ts";
import type { LoadRatioRow, LoadRow } from "../../experiments/load/rows.ts";
import type { Results } from "../../experiments/results.ts";
import type { Estimate } from "../../report/schema-parts.ts";

const embedded = "resonate@embedded";
const redis = "redis-bullmq@redis";
const targets = [
  { target: embedded, most: 95, requests: 26 },
  { target: redis, most: 640, requests: 120 },
] as const;

type Performance = Pick<Results, "load" | "loadRatios" | "idleScale" | "cost" | "footprint" | "durability">;

export const samplePerformance: Performance = {
  load: targets.flatMap(({ target, most, requests }) =>
    [1, 4, 16, 64, 256].flatMap((clients): LoadRow[] => [
      loadRow(target, clients, most, { requestsPerSession: requests }),
      loadRow(target, clients, most * 0.8, { world: "witnessed", requestsPerSession: requests }),
      loadRow(target, clients, most * 4, { work: "engine-ceiling", world: "none", shareOfCeiling: null }),
      loadRow(target, 16, most * 0.5, { clients: null, ratePerSecond: clients }),
    ]),
  ),
  loadRatios: [16, 64, 256].map(ratioRow),
  idleScale: targets.flatMap(({ target, most }) =>
    (["spread over 10 s", "all at once"] as const).flatMap((due) =>
      [100, 1000, 2000].map((sleepers) => sleepersRow(target, due, sleepers, most)),
    ),
  ),
  cost: targets.flatMap(({ target, requests }) =>
    [1, 5, 20, 100].map((count) => costRow(target, count, requests)),
  ),
  footprint: [
    {
      implementation: "resonate",
      services: ["a Resonate server"],
      packages: ["@resonatehq/sdk"],
      packagesInAll: 9,
      concepts: ["durable function", "checkpoint", "durable sleep", "worker group"],
      licences: {},
    },
    {
      implementation: "redis-bullmq",
      services: ["Redis"],
      packages: ["bullmq", "ioredis"],
      packagesInAll: 31,
      concepts: ["queue", "delayed job", "lock", "stalled job", "fencing number", "Lua script"],
      licences: {},
    },
  ],
  durability: targets.flatMap(({ target, most }) =>
    (["process", "everysec", "fsync"] as const).map((kind, index) => ({
      target,
      durability: kind,
      sessions: 200,
      syncsPerSession: index * 7.5,
      slowest: most / (index + 1.3),
      median: most / (index + 1.1),
      fastest: most / (index + 1),
    })),
  ),
};

function estimate(value: number): Estimate {
  return { value, low95: value * 0.93, high95: value * 1.06 };
}

function loadRow(target: string, clients: number, most: number, row: Partial<LoadRow>): LoadRow {
  const perSecond = (most * clients) / (clients + 12);
  const p50Ms = (clients / perSecond) * 1000;
  return {
    target,
    work: "lifecycle",
    world: "no-op",
    clients,
    ratePerSecond: null,
    workers: 2,
    rounds: 5,
    unfinishedRounds: 0,
    ofRounds: [],
    sessions: 600,
    sessionsPerSecond: estimate(perSecond),
    stepsPerSecond: perSecond * 6,
    requestsPerSession: 2,
    shareOfCeiling: 0.8 + clients / 2000,
    p50Ms,
    p95Ms: p50Ms * 1.6,
    p99Ms: p50Ms * 2.1,
    maxMs: p50Ms * 3,
    ...row,
  };
}

function ratioRow(clients: number): LoadRatioRow {
  return {
    target: embedded,
    against: redis,
    world: "no-op",
    clients,
    workers: 2,
    pairs: 5,
    ratio: estimate(0.15 + clients / 4000),
    ofPairs: [],
    warnings: clients === 16 ? ["interval includes 1"] : [],
  };
}

function sleepersRow(target: string, due: IdleScaleRow["due"], sleepers: number, most: number): IdleScaleRow {
  const late = due === "all at once" ? (sleepers / most) * 800 : 8 + sleepers / 200;
  return {
    target,
    sleepers,
    due,
    stopped:
      target === embedded && sleepers === 2000 && due === "all at once"
        ? "building took more than 60 s"
        : null,
    buildMs: (sleepers / most) * 1000,
    storeBytesPerSession: 4200 + 90_000 / sleepers,
    diskBytesPerSession: 3100,
    storeCpuMsPerSecond: 4 + sleepers / 300,
    workerCpuMsPerSecond: 6,
    latenessP50Ms: late,
    latenessP99Ms: late * 2.2,
    latenessMaxMs: late * 2.6,
  };
}

function costRow(target: string, activities: number, requests: number): CostRow {
  const perSession = requests + activities * 2.1;
  return {
    target,
    activities,
    sessions: 100,
    requests: [
      { kind: "task.fence", perSession: activities * 2 },
      { kind: "promise.create", perSession: 2 },
    ],
    roundTripsPerSession: perSession,
    wireBytesPerSession: perSession * 620,
    diskBytesPerSession: perSession * 310,
    workerCpuMsPerSession: perSession * 0.21,
    storeCpuMsPerSession: target === embedded ? null : perSession * 0.04,
    workerPeakBytes: 90 * 1024 ** 2,
    storePeakBytes: 70 * 1024 ** 2,
    workerConnections: target === embedded ? 9 : 6,
    clientConnections: 3,
    flaw: null,
  };
}
