/**
 * One arm of a load: what does the work, its workers and its client. It is the only one that exists while it works, so that
 * whatever a round measures belongs to it.
 */
import { existsSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { monotonicMs, type Window } from "../../processes/cpu-profile.ts";
import type { Child } from "../../processes/reaper.ts";
import { terminate } from "../../processes/terminate.ts";
import { cpuMsOfGroups } from "../../processes/usage.ts";
import type { TargetEnvironment, Whereabouts } from "../../run/environment.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Target } from "../../run/target.ts";
import { longestRestMs } from "../../run/timing.ts";
import type { LoadOrder, LoadRound, Pace } from "../../workers/load-client-main.ts";
import type { loadWorks, loadWorlds } from "./rows.ts";

/** How many sessions a witnessed round may start for each of its milliseconds: so many are made known to the world before it. */
const registeredPerMs = 3;
const goneMs = 5_000;

export interface ArmKind {
  readonly work: (typeof loadWorks)[number];
  readonly world: (typeof loadWorlds)[number];
}

/** What one round measured. */
export interface Measured extends LoadRound {
  readonly sessionsPerSecond: number;
  /** Store requests, those of scripts among them; null where the store does not say. */
  readonly requestsPerSession: number | null;
  /** Processors that each kind of process kept busy; null where the system does not say. */
  readonly processors: Readonly<Record<"workers" | "store" | "client" | "others", number | null>>;
  /** From the order to the answer. */
  readonly window: Window;
}

export class Arm {
  readonly kind: ArmKind;
  private readonly environment: TargetEnvironment;
  private readonly client: Child;
  readonly workers: readonly Child[];
  private rounds = 0;

  private constructor(
    kind: ArmKind,
    environment: TargetEnvironment,
    client: Child,
    workers: readonly Child[],
  ) {
    this.kind = kind;
    this.environment = environment;
    this.client = client;
    this.workers = workers;
  }

  /** Starts workers, with these variables besides their configuration, and client; resolves when all are ready. */
  static async open(
    kind: ArmKind,
    environment: TargetEnvironment,
    workerCount: number,
    variables: Whereabouts["variables"] = {},
  ): Promise<Arm> {
    const group = `${kind.work}-${kind.world}`;
    const implementation =
      kind.work === "lifecycle" ? environment.implementation : ceilingOf(environment.implementation);
    const load = { implementation, witnessed: kind.world === "witnessed" };
    const workers = Array.from({ length: workerCount }, (_, index) =>
      environment.spawnLoadWorker(`${group}#${index}`, group, load, { variables }),
    );
    const client = environment.spawnLoadClient(`${group}-client`, group, load);
    await Promise.all([client, ...workers].map((child) => child.firstMessage()));
    return new Arm(kind, environment, client, workers);
  }

  /** Works at this pace for `forMs`, and until what was begun has ended. */
  async round(pace: Pace, forMs: number): Promise<Measured> {
    const prefix = `${this.kind.work}-${this.kind.world}-${++this.rounds}`;
    const bound = this.kind.world === "witnessed" ? { sessions: await this.register(prefix, forMs) } : {};
    // No idle window and a single activity: everything that such a session does is work.
    const spec = plainSpec(prefix, { activities: 1, idleTimeoutMs: 0 });
    const before = await this.look();
    const order: LoadOrder = { kind: "round", spec, forMs, pace, ...bound };
    const fromMs = monotonicMs();
    const round = (await this.client.ask(order, forMs + longestRestMs)) as LoadRound; // the client's only kind of answer
    const window = { fromMs, toMs: monotonicMs() };
    const after = await this.look();
    const sessions = round.latenciesMs.length;
    const requests = between(before.requests, after.requests);
    return {
      ...round,
      sessionsPerSecond: (1000 * sessions) / round.tookMs,
      requestsPerSession: requests === null ? null : requests / sessions,
      processors: processorsBetween(before, after),
      window,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.client, ...this.workers].map((child) => terminate(child, goneMs)));
  }

  private async look(): Promise<Look> {
    const { requests } = await this.environment.store.traffic();
    const [workers = null, store = null, client = null, ours = null] = await cpuMsOfGroups([
      this.workers,
      this.environment.storeProcesses,
      [this.client],
      [process],
    ]);
    const cpuMs = { workers, store, client, ours, machine: machineCpuMs() };
    return {
      at: performance.now(),
      requests: requests && Object.values(requests).reduce((sum, count) => sum + count, 0),
      cpuMs,
    };
  }

  /** Resolves with how many sessions the world now knows: one that it does not know would never come to its end. */
  private async register(prefix: string, forMs: number): Promise<number> {
    const sessions = Array.from({ length: registeredPerMs * forMs }, (_, index) => ({
      sessionId: `${prefix}-${index}`,
      mode: "idempotent" as const,
      workMs: {},
    }));
    await this.environment.witness.register(sessions);
    return sessions.length;
  }
}

/** What is counted before a round and after it. */
interface Look {
  /** By the harness's own clock, ms. */
  readonly at: number;
  readonly requests: number | null;
  /** `ours` are the harness and all processes that it started, `machine` all that run. */
  readonly cpuMs: Readonly<Record<"workers" | "store" | "client" | "ours" | "machine", number | null>>;
}

function processorsBetween(before: Look, after: Look): Measured["processors"] {
  const busy = (kind: keyof Look["cpuMs"]) => {
    const spent = between(before.cpuMs[kind], after.cpuMs[kind]);
    return spent === null ? null : Math.max(0, spent) / (after.at - before.at);
  };
  const [machine, ours] = [busy("machine"), busy("ours")];
  return {
    workers: busy("workers"),
    store: busy("store"),
    client: busy("client"),
    others: machine === null || ours === null ? null : Math.max(0, machine - ours),
  };
}

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from;
}

function machineCpuMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

/** The share of the machine's processors that others than the run kept busy; null where the system does not say. Pure. */
export function shareOfOthers({ processors: { others } }: Pick<Measured, "processors">): number | null {
  return others === null ? null : others / availableParallelism();
}

/** The least that an engine can do stands beside its manifest. */
function ceilingOf(implementation: string): string {
  return new URL("manifest/ceiling/", implementation).href;
}

/** Whether anybody has written down the least that the engine of a target can do. */
export function hasCeiling({ implementation }: Pick<Target, "implementation">): boolean {
  return existsSync(new URL("worker.ts", ceilingOf(implementation)));
}
