/**
 * Measures what one session takes from store, network, disk and processors, as a function of how many
 * activities it records. No witness, no fault, and no hurry: what is measured is work, not speed.
 */
import { proxiedAddress } from "../../faults/network-proxy/proxy.ts";
import { connectionsOf } from "../../processes/connections.ts";
import { type Child, NoAnswerError } from "../../processes/reaper.ts";
import { terminate } from "../../processes/terminate.ts";
import { cpuMsOf, watchMemory } from "../../processes/usage.ts";
import { TargetEnvironment, type Whereabouts } from "../../run/environment.ts";
import { withCaseCounts } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import type { Part } from "../../run/run-experiments.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Target } from "../../run/target.ts";
import { longestRestMs } from "../../run/timing.ts";
import type { Traffic } from "../../stores/store.ts";
import type { LoadOrder, LoadRound, Pace } from "../../workers/load-client-main.ts";
import type { CostRow } from "./rows.ts";
import type { CostSettings } from "./settings.ts";

const callers = 8;
/**
 * A wait, so that its timer is among the costs; long enough for a worker to have let go of the session when it ends: a store
 * that loses wakes (docs/findings.md) loses those whose timer fires at that moment, and the session would never end.
 */
const idleTimeoutMs = 200;
const warmUpSessions = 20;
/** Round trips are counted with one session at a time: with several, their requests share their ways. */
const sessionsOneByOne = 5;
const longestMs = 120_000;

/** Measures one target after another. Nothing else may run beside it. */
export function playCost(targets: readonly Target[], settings: CostSettings): Part {
  return async (run) => {
    const all = { name: "cost, one target after another" };
    const total = targets.length * settings.activities.length;
    const rows: CostRow[] = [];
    await withCaseCounts(
      [all],
      () => total,
      async (_, onCase) => {
        for (const activities of settings.activities) {
          for (const target of targets) {
            rows.push(await costOf(run, target, settings, activities));
            onCase();
          }
        }
      },
    );
    return { cost: rows };
  };
}

async function costOf(
  run: Run,
  target: Target,
  { sessions, leaseMs, retryDelayMs }: CostSettings,
  activities: number,
): Promise<CostRow> {
  const experiment = `cost-${activities}`;
  const environment = await TargetEnvironment.open({
    run,
    experiment,
    target,
    leaseMs,
    retryDelayMs,
  });
  const figures = await figuresIn(environment, activities, sessions).catch((error: unknown) => {
    if (error instanceof NoAnswerError) return null;
    throw error;
  });
  await environment.close();
  const flaw = figures === null ? "a session never ended" : null;
  return { target: target.name, activities, sessions, ...(figures ?? noFigures), flaw };
}

type Figures = Omit<CostRow, "target" | "activities" | "sessions" | "flaw">;

const noFigures: Figures = {
  requests: null,
  roundTripsPerSession: null,
  wireBytesPerSession: null,
  diskBytesPerSession: null,
  workerCpuMsPerSession: null,
  storeCpuMsPerSession: null,
  workerPeakBytes: null,
  storePeakBytes: null,
  workerConnections: null,
  clientConnections: null,
};

/** @throws NoAnswerError when a session never ends. */
async function figuresIn(
  environment: TargetEnvironment,
  activities: number,
  sessions: number,
): Promise<Figures> {
  const inCrowd = await costInCrowd(environment, activities, sessions);
  return { ...inCrowd, roundTripsPerSession: await roundTripsOf(environment, activities) };
}

/** What several sessions at once take from everything, each. */
async function costInCrowd(
  environment: TargetEnvironment,
  activities: number,
  sessions: number,
): Promise<Omit<Figures, "roundTripsPerSession">> {
  const pair = await WorkerAndClient.of(environment, "crowd");
  const watches = [pair.worker, ...environment.storeProcesses.slice(0, 1)].map(watchMemory);
  const look = async () => ({
    traffic: await environment.store.traffic(),
    workerCpuMs: await cpuMsOf([pair.worker]),
    storeCpuMs: await cpuMsOf(environment.storeProcesses),
  });
  try {
    await pair.play("warm-up", activities, warmUpSessions, { kind: "closed", callers });
    const before = await look();
    await pair.play("crowd", activities, sessions, { kind: "closed", callers });
    const after = await look();
    const [workerConnections = null, clientConnections = null] = await Promise.all(
      [pair.worker, pair.client].map(connectionsOf), // without a witness, a process has none but to its store
    );
    const [workerPeakBytes = null, storePeakBytes = null] = await Promise.all(
      watches.map((watch) => watch.stop()),
    );
    const spent = (from: number | null, to: number | null) =>
      from === null || to === null ? null : Math.max(0, to - from) / sessions;
    return {
      requests: requestsBetween(before.traffic, after.traffic, sessions),
      wireBytesPerSession: spent(wireBytesOf(before.traffic), wireBytesOf(after.traffic)),
      diskBytesPerSession: spent(before.traffic.diskBytes, after.traffic.diskBytes),
      workerCpuMsPerSession: spent(before.workerCpuMs, after.workerCpuMs),
      storeCpuMsPerSession: spent(before.storeCpuMs, after.storeCpuMs),
      workerPeakBytes,
      storePeakBytes,
      workerConnections,
      clientConnections,
    };
  } finally {
    await Promise.all([pair.leave(), ...watches.map((watch) => watch.stop())]);
  }
}

function wireBytesOf({ bytesReceived, bytesSent }: Traffic): number | null {
  return bytesReceived === null || bytesSent === null ? null : bytesReceived + bytesSent;
}

/** By kind, the most frequent first; null where the store does not say. Pure. */
function requestsBetween(before: Traffic, after: Traffic, sessions: number): CostRow["requests"] {
  const { requests: earlier } = before;
  if (earlier === null || after.requests === null) return null;
  return Object.entries(after.requests)
    .map(([kind, count]) => ({ kind, perSession: (count - (earlier[kind] ?? 0)) / sessions }))
    .filter(({ perSession }) => perSession > 0)
    .sort((a, b) => b.perSession - a.perSession);
}

/** How often worker and client wait for the store in the course of one session; null where no proxy connection can be put between. */
async function roundTripsOf(environment: TargetEnvironment, activities: number): Promise<number | null> {
  if (!environment.takesProxies) return null;
  const { proxy: ofWorker, where } = await environment.openWorkerProxy();
  const ofClient = await environment.openProxy();
  const proxies = [ofWorker, ofClient] as const;
  const clientStore = proxiedAddress(environment.store.address, ofClient);
  const pair = await WorkerAndClient.of(environment, "one-by-one", where, clientStore);
  const pace: Pace = { kind: "closed", callers: 1 };
  try {
    await pair.play("first", activities, 1, pace); // connections greet each other, scripts are loaded
    const before = proxies.map(({ traffic }) => traffic.roundTrips);
    await pair.play("one-by-one", activities, sessionsOneByOne, pace);
    const made = proxies.map(({ traffic }, index) => traffic.roundTrips - (before[index] ?? 0));
    return made.reduce((sum, count) => sum + count, 0) / sessionsOneByOne;
  } finally {
    await pair.leave();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }
}

/** A worker and a client. */
class WorkerAndClient {
  readonly worker: Child;
  readonly client: Child;

  private constructor(worker: Child, client: Child) {
    this.worker = worker;
    this.client = client;
  }

  static async of(
    environment: TargetEnvironment,
    group: string,
    where: Whereabouts = {},
    clientStore = environment.store.address,
  ) {
    const kind = { implementation: environment.implementation, witnessed: false };
    const worker = environment.spawnLoadWorker(`${group}#1`, group, kind, where);
    const client = environment.spawnLoadClient(`${group}-client`, group, kind, clientStore);
    await Promise.all([worker.firstMessage(), client.firstMessage()]);
    return new WorkerAndClient(worker, client);
  }

  async play(name: string, activities: number, sessions: number, pace: Pace): Promise<LoadRound> {
    const spec = plainSpec(name, { activities, idleTimeoutMs });
    const order: LoadOrder = { kind: "round", spec, forMs: longestMs, sessions, pace };
    return (await this.client.ask(order, longestMs + longestRestMs)) as LoadRound; // the client's only kind of answer
  }

  async leave(): Promise<void> {
    await Promise.all([terminate(this.client), terminate(this.worker)]);
  }
}
