/**
 * Measures a target with nothing beside it: what it does with more than it can carry; then, on a new store and at half
 * of its peak, how it fares for long while one of its workers is killed again and again. The other worker lives through all of it:
 * in lives as short as those of the first, memory only ever grows.
 */
import { setTimeout as delay } from "node:timers/promises";
import { withCaseCounts } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import type { Part } from "../../run/run-experiments.ts";
import type { Target } from "../../run/target.ts";
import { engineOf } from "../../targets/targets.ts";
import { overloadOf } from "./overload.ts";
import type { SoakRow, SoakRows } from "./rows.ts";
import { finishedPerMinute, growthOf, killedSlot, type Sample, sampleOf } from "./samples.ts";
import type { SoakSettings } from "./settings.ts";
import { noTally, WorkersAndClient, whyGivenUp } from "./workers-and-client.ts";

/** Sessions are started at this share of the peak. */
const soakShare = 0.5;
const lookMs = 1_000;

/** One target. Nothing else may run beside it. */
export function playSoak(target: Target, settings: SoakSettings): Part {
  return async (run) => {
    const [found] = await withCaseCounts(
      [target],
      () => 2,
      (_, onCase) => overloadAndSoak(run, target, settings, onCase),
    );
    return { ...found };
  };
}

async function overloadAndSoak(
  run: Run,
  target: Target,
  settings: SoakSettings,
  onCase: () => void,
): Promise<SoakRows> {
  const overload = await overloadOf(run, target, settings);
  onCase();
  const { peakPerSecond } = overload;
  const soaked =
    peakPerSecond === null ? notBegun(target, settings) : await soak(run, target, settings, peakPerSecond);
  onCase();
  return { overload: [overload], ...soaked };
}

type Soaked = Pick<SoakRows, "soak" | "growth">;

function notBegun(target: Target, { workers }: SoakSettings): Soaked {
  const row: SoakRow = {
    target: target.name,
    workers,
    ratePerSecond: null,
    begun: 0,
    finished: 0,
    failed: 0,
    failure: null,
    forMs: 0,
    kills: 0,
    lost: null,
    finishedPerMinute: [],
    stopped: "not begun: its peak is not known",
    keeps: keepsOf(target),
  };
  return { soak: [row], growth: [] };
}

async function soak(
  run: Run,
  target: Target,
  settings: SoakSettings,
  peakPerSecond: number,
): Promise<Soaked> {
  const { workers, leaseMs, retryDelayMs } = settings;
  const processes = await WorkersAndClient.open({
    run,
    experiment: "soak",
    target,
    workers,
    leaseMs,
    retryDelayMs,
  });
  const ratePerSecond = soakShare * peakPerSecond;
  const soaking = new Soak(processes, settings, ratePerSecond);
  const stopped = await soaking.play();
  await processes.leave();
  return {
    soak: [
      { target: target.name, workers, ratePerSecond, ...soaking.figures, stopped, keeps: keepsOf(target) },
    ],
    growth: growthOf(target.name, soaking.samples),
  };
}

function keepsOf(target: Target): string | null {
  return engineOf(target).keeps ?? null;
}

class Soak {
  readonly samples: Sample[] = [];
  readonly #processes: WorkersAndClient;
  readonly #settings: SoakSettings;
  readonly #perSecond: number;
  #tally = noTally;
  #hasWaited = false;

  constructor(processes: WorkersAndClient, settings: SoakSettings, perSecond: number) {
    this.#processes = processes;
    this.#settings = settings;
    this.#perSecond = perSecond;
  }

  /** Resolves with why it was stopped; with null where it came to its end. */
  async play(): Promise<string | null> {
    const { settleMs, soakMs } = this.#settings;
    const over = new AbortController();
    try {
      this.#tally = await this.#processes.begin(this.#perSecond, settleMs + soakMs);
      await this.#processes.unlessOneEnds(delay(settleMs));
      const startedAt = performance.now();
      await Promise.all([this.#sample(startedAt), this.#kill(startedAt, over.signal)]);
      await this.#untilDrained();
      return null;
    } catch (error) {
      return whyGivenUp(error);
    } finally {
      over.abort();
    }
  }

  /** What was seen until now. */
  get figures(): Omit<SoakRow, "target" | "workers" | "ratePerSecond" | "stopped" | "keeps"> {
    const { begun, finished, failed, failure } = this.#tally;
    return {
      begun,
      finished,
      failed,
      failure,
      forMs: Math.round(this.samples.at(-1)?.atMs ?? 0),
      kills: this.#processes.kills,
      lost: this.#hasWaited ? begun - finished - failed : null,
      finishedPerMinute: finishedPerMinute(this.samples),
    };
  }

  async #sample(startedAt: number): Promise<void> {
    const { soakMs, sampleEveryMs } = this.#settings;
    for (let dueMs = 0; dueMs <= soakMs; dueMs += sampleEveryMs) {
      await this.#processes.unlessOneEnds(delay(Math.max(0, startedAt + dueMs - performance.now())));
      this.#tally = await this.#processes.tally();
      this.samples.push(await sampleOf(this.#processes, this.#tally, performance.now() - startedAt));
    }
  }

  /** In the middle of each period, and between two samples. */
  async #kill(startedAt: number, signal: AbortSignal): Promise<void> {
    const { soakMs, killEveryMs, sampleEveryMs } = this.#settings;
    for (let dueMs = (killEveryMs + sampleEveryMs) / 2; dueMs < soakMs; dueMs += killEveryMs) {
      await delay(Math.max(0, startedAt + dueMs - performance.now()), null, { signal });
      await this.#processes.kill(killedSlot);
    }
  }

  async #untilDrained(): Promise<void> {
    const until = performance.now() + this.#settings.soakDrainMs;
    while (this.#tally.drainedMs === null && performance.now() < until) {
      await delay(lookMs);
      this.#tally = await this.#processes.tally();
    }
    this.#hasWaited = true;
  }
}
