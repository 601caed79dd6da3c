/**
 * Measures what sessions cost that do nothing but wait, and how late they wake. They are put to sleep
 * a few at a time, each with a deadline of its own that lies behind the last of them; then the stores are left alone and
 * weighed; then all come due.
 */
import { setTimeout as delay } from "node:timers/promises";
import pLimit from "p-limit";
import type { Child } from "../../processes/reaper.ts";
import { terminate } from "../../processes/terminate.ts";
import { cpuMsOf, residentBytesOf } from "../../processes/usage.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import { percentilesOf } from "../../run/percentiles.ts";
import { withCaseCounts } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import type { Part } from "../../run/run-experiments.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Target } from "../../run/target.ts";
import type { ClientOrder } from "../../workers/client-main.ts";
import type { Entry } from "../../world/entry.ts";
import type { IdleScaleRow } from "./rows.ts";
import type { IdleScaleSettings } from "./settings.ts";

type Due = IdleScaleRow["due"];

const workerCount = 2;
const group = "sleepers";
/** So many are on their way to sleep at a time. */
const abreast = 16;
/** Calibration sessions show how fast others can be put to sleep: one for so many of those, and so many at the least. */
const sleepersPerCalibrationSession = 100;
const leastCalibrationSessions = 100;
/** How much longer than the calibration sessions promise it may take; what is left of it is when all sleep. */
const patience = 1.6;
const quietMs = 3_000;
const spreadMs = 10_000;
/** A case is not begun that would take longer to build: so long, or for many sleepers so long for each of them. */
const longestBuildMs = 240_000;
const longestBuildMsEach = 4;
/** It is given up when its last session comes so late, counted likewise: where many are due, they wait for each other. */
const longestLateMs = 90_000;
const longestLateMsEach = 2.5;

/** Measures all targets, at each number of sleepers. Nothing else may run beside it. */
export function playIdleScale(targets: readonly Target[], settings: IdleScaleSettings): Part {
  const { cases, together } = settings;
  return async (run) => {
    const inTurn = pLimit(together ? Number.POSITIVE_INFINITY : 1);
    const rows = await withCaseCounts(
      targets,
      () => cases.length,
      async (target, onCase) => {
        const found: IdleScaleRow[] = [];
        for (const { sleepers, due } of cases) {
          found.push(await inTurn(() => sleepAndWake(run, target, settings, sleepers, due)));
          onCase();
        }
        return found;
      },
    );
    return { idleScale: rows.flat() };
  };
}

async function sleepAndWake(
  run: Run,
  target: Target,
  { leaseMs, retryDelayMs }: IdleScaleSettings,
  sleepers: number,
  due: Due,
): Promise<IdleScaleRow> {
  const experiment = `idle-scale-${sleepers}-${due.replaceAll(" ", "-")}`;
  const environment = await TargetEnvironment.open({
    run,
    experiment,
    target,
    leaseMs,
    retryDelayMs,
    isOnlyWatched: true,
  });
  const workers = Array.from({ length: workerCount }, (_, index) =>
    environment.spawnLoadWorker(`${group}#${index}`, group, {
      implementation: environment.implementation,
      witnessed: true,
    }),
  );
  const client = environment.spawnClient("client", group);
  await Promise.all([client, ...workers].map((child) => child.firstMessage()));
  const pool = new SleeperPool(environment, client);
  const figures = await measure({ environment, pool, workers }, sleepers, due);
  await Promise.all([client, ...workers].map((child) => terminate(child)));
  await environment.close();
  return { target: target.name, sleepers, due, ...figures };
}

interface Measuring {
  readonly environment: TargetEnvironment;
  readonly pool: SleeperPool;
  readonly workers: readonly Child[];
}

type Figures = Omit<IdleScaleRow, "target" | "sleepers" | "due">;

const nothing: Figures = {
  stopped: null,
  buildMs: null,
  storeBytesPerSession: null,
  diskBytesPerSession: null,
  storeCpuMsPerSecond: null,
  workerCpuMsPerSecond: null,
  latenessP50Ms: null,
  latenessP99Ms: null,
  latenessMaxMs: null,
};

async function measure(
  { environment: { store, storeProcesses }, pool, workers }: Measuring,
  sleepers: number,
  due: Due,
): Promise<Figures> {
  const perMs = await calibrate(pool, sleepers);
  const expectedMs = (patience * sleepers) / perMs + quietMs;
  if (expectedMs > Math.max(longestBuildMs, longestBuildMsEach * sleepers)) {
    const perSecond = Math.round(1000 * perMs);
    return {
      ...nothing,
      stopped: `not begun: at ${perSecond} sessions/s it takes too long to put them to sleep`,
    };
  }
  const look = async () => ({
    storeBytes: await residentBytesOf(storeProcesses),
    diskBytes: (await store.traffic()).diskBytes,
    storeCpuMs: await cpuMsOf(storeProcesses),
    workerCpuMs: await cpuMsOf(workers),
  });
  const before = await look();
  const dueAt = Date.now() + expectedMs;
  const dueOf = (index: number) => dueAt + (due === "all at once" ? 0 : (index * spreadMs) / sleepers);
  const buildMs = await pool.fill("sleeper", sleepers, (index) => Math.round(dueOf(index) - Date.now()));
  const built = { ...nothing, buildMs };
  if (Date.now() > dueAt - 1_000) return { ...built, stopped: "the first came due before the last slept" };
  await delay(Math.min(1_000, (dueAt - Date.now()) / 4)); // what falling asleep leaves to do is done
  const asleep = await look();
  const forMs = Math.max(500, Math.min(10_000, dueAt - Date.now() - 500));
  await delay(forMs);
  const later = await look();
  const between = (from: number | null, to: number | null, share: number) =>
    from === null || to === null ? null : Math.max(0, to - from) / share;
  return {
    ...built,
    storeBytesPerSession: between(before.storeBytes, asleep.storeBytes, sleepers),
    diskBytesPerSession: between(before.diskBytes, asleep.diskBytes, sleepers),
    storeCpuMsPerSecond: between(asleep.storeCpuMs, later.storeCpuMs, forMs / 1000),
    workerCpuMsPerSecond: between(asleep.workerCpuMs, later.workerCpuMs, forMs / 1000),
    ...(await latenessWhenAllWoke(pool, sleepers, dueOf(sleepers - 1))),
  };
}

/** How many sessions a ms fall asleep, by as many as say that of so many. */
async function calibrate(pool: SleeperPool, sleepers: number): Promise<number> {
  const sessions = Math.max(leastCalibrationSessions, Math.round(sleepers / sleepersPerCalibrationSession));
  return sessions / (await pool.fill("calibration", sessions, () => 1));
}

async function latenessWhenAllWoke(pool: SleeperPool, sleepers: number, lastDueAt: number) {
  const mostMs = Math.max(longestLateMs, longestLateMsEach * sleepers);
  const allWoke = await pool.allWoke(lastDueAt + mostMs - Date.now());
  const latenessMs = pool.latenessMs("sleeper");
  if (!allWoke) {
    const missing = sleepers - latenessMs.length;
    return { stopped: `${missing} had not expired ${mostMs / 1000} s after the last was due` };
  }
  // Whether any came too early is judged elsewhere, by `not-early`.
  const { p50Ms, p99Ms, maxMs } = percentilesOf(latenessMs.map((each) => Math.max(0, each)));
  return { latenessP50Ms: p50Ms, latenessP99Ms: p99Ms, latenessMaxMs: maxMs };
}

/** Puts sessions to sleep, and knows from the ledger which of them sleep and how late they woke. */
class SleeperPool {
  private readonly environment: TargetEnvironment;
  private readonly client: Child;
  private readonly idleTimeoutMs = new Map<string, number>();
  private readonly idleAt = new Map<string, number>();
  private readonly expiredAt = new Map<string, number>();
  private cleaned = 0;
  private onChange: () => void = () => {};

  constructor(environment: TargetEnvironment, client: Child) {
    this.environment = environment;
    this.client = client;
    environment.recorder.watch((entry) => this.see(entry));
  }

  /** Starts so many sessions, a few at a time; resolves with how long it took until the last of them slept, ms. */
  async fill(prefix: string, sessions: number, idleMsOf: (index: number) => number): Promise<number> {
    const ids = Array.from({ length: sessions }, (_, index) => `${prefix}-${index}`);
    await this.environment.witness.register(
      ids.map((sessionId) => ({ sessionId, mode: "idempotent", workMs: {} })),
    );
    const startedAt = performance.now();
    const asleepBefore = this.idleAt.size;
    let begun = 0;
    await this.until(() => {
      while (begun < sessions && begun - (this.idleAt.size - asleepBefore) < abreast) {
        const idleTimeoutMs = Math.max(1, idleMsOf(begun));
        this.call(ids[begun] ?? "", idleTimeoutMs);
        begun++;
      }
      return this.idleAt.size - asleepBefore === sessions;
    });
    return performance.now() - startedAt;
  }

  /** Resolves with whether every session is cleaned up within so many ms. */
  async allWoke(withinMs: number): Promise<boolean> {
    const woke = this.until(() => this.cleaned === this.idleAt.size).then(() => true);
    return Promise.race([woke, delay(withinMs, false, { ref: false })]);
  }

  /** How much later than its deadline the `expire` of each session landed, by the world's clock. */
  latenessMs(prefix: string): readonly number[] {
    return [...this.expiredAt]
      .filter(([session]) => session.startsWith(`${prefix}-`))
      .map(([session, at]) => at - (this.idleAt.get(session) ?? 0) - (this.idleTimeoutMs.get(session) ?? 0));
  }

  /** Nobody waits for the result of a session that sleeps. */
  private call(sessionId: string, idleTimeoutMs: number): void {
    const spec = plainSpec(sessionId, { activities: 1, idleTimeoutMs });
    this.idleTimeoutMs.set(sessionId, idleTimeoutMs);
    const order: ClientOrder = { kind: "call", caller: "caller", spec, group, awaitsResult: false };
    this.client.send(order);
  }

  private async until(done: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.onChange = () => {
      if (done()) resolve();
    };
    this.onChange();
    await promise;
    this.onChange = () => {};
  }

  private see(entry: Entry): void {
    if (entry.kind !== "landed") return;
    if (entry.effect === "set-idle") this.idleAt.set(entry.session, entry.at);
    else if (entry.effect === "set-expired") this.expiredAt.set(entry.session, entry.at);
    else if (entry.effect === "write-audit") this.cleaned++;
    else return;
    this.onChange();
  }
}
