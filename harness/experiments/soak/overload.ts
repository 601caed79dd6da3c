/** The most that a target carries, and what it does with half as much again: how much waits in the end, and how long until that is done. */
import { setTimeout as delay } from "node:timers/promises";
import { percentilesOf } from "../../run/percentiles.ts";
import type { Run } from "../../run/run.ts";
import type { Target } from "../../run/target.ts";
import type { SteadyTally } from "../../workers/steady-load.ts";
import type { OverloadRow } from "./rows.ts";
import type { SoakSettings } from "./settings.ts";
import { noTally, WorkersAndClient, whyGivenUp } from "./workers-and-client.ts";

/** Sessions are started at this share of the peak. */
const overloadShare = 1.5;
const lookMs = 250;

/** Measures a target with nothing beside it. */
export async function overloadOf(run: Run, target: Target, settings: SoakSettings): Promise<OverloadRow> {
  const { workers, clients, longLeaseMs: leaseMs, retryDelayMs } = settings;
  const processes = await WorkersAndClient.open({
    run,
    experiment: "overload",
    target,
    workers,
    leaseMs,
    retryDelayMs,
  });
  const overload = new Overload(processes, settings);
  const stopped = await overload.play();
  await processes.leave();
  return { target: target.name, workers, clients, ...overload.figures, stopped };
}

class Overload {
  readonly #processes: WorkersAndClient;
  readonly #settings: SoakSettings;
  readonly #latenciesMs: number[] = [];
  #peakPerSecond: number | null = null;
  #tally = noTally;

  constructor(processes: WorkersAndClient, settings: SoakSettings) {
    this.#processes = processes;
    this.#settings = settings;
  }

  /** Resolves with why it was stopped; with null where it came to its end. */
  async play(): Promise<string | null> {
    const { clients, warmUpMs, peakMs, overloadMs, overloadDrainMs } = this.#settings;
    try {
      await this.#processes.round(clients, warmUpMs, "warm-up");
      const { latenciesMs, tookMs } = await this.#processes.round(clients, peakMs, "peak");
      this.#peakPerSecond = (1000 * latenciesMs.length) / tookMs;
      this.#see(await this.#processes.begin(overloadShare * this.#peakPerSecond, overloadMs));
      const until = performance.now() + overloadMs + overloadDrainMs;
      while (this.#tally.drainedMs === null) {
        if (performance.now() > until)
          return `not all had ended ${overloadDrainMs / 1000} s after the last start`;
        await delay(lookMs);
        this.#see(await this.#processes.tally());
      }
      return null;
    } catch (error) {
      return whyGivenUp(error);
    }
  }

  /** What was seen until now. */
  get figures(): Omit<OverloadRow, "target" | "workers" | "clients" | "stopped"> {
    const peakPerSecond = this.#peakPerSecond;
    const { begun, finished, failed, failure, lastStart, drainedMs } = this.#tally;
    return {
      peakPerSecond,
      ratePerSecond: peakPerSecond === null ? null : overloadShare * peakPerSecond,
      begun,
      finished,
      failed,
      failure,
      startingMs: lastStart?.afterMs ?? null,
      backlog: lastStart?.backlog ?? null,
      drainedMs,
      ...percentilesOf(this.#latenciesMs),
    };
  }

  #see(tally: SteadyTally): void {
    this.#tally = tally;
    for (const latencyMs of tally.latenciesMs) this.#latenciesMs.push(latencyMs);
  }
}
