/**
 * One arm of a load: what does the work, its workers and its client. Arms of one target share a store and never work at
 * the same time, so that whatever a round measures belongs to its own arm.
 */

import { existsSync } from "node:fs";
import type { Child } from "../../processes/reaper.ts";
import { terminate } from "../../processes/terminate.ts";
import type { TargetEnvironment } from "../../run/environment.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Target } from "../../run/target.ts";
import { longestRestMs } from "../../run/timing.ts";
import type { Traffic } from "../../stores/store.ts";
import type { LoadOrder, LoadRound, Pace } from "../../workers/load-client-main.ts";
import type { LoadRow, loadWorks, loadWorlds } from "./rows.ts";

/** How many sessions a witnessed round may start for each of its milliseconds: so many are made known to the world before it. */
const registeredPerMs = 3;
const goneMs = 5_000;

export interface ArmKind extends Pick<LoadRow, "target"> {
  readonly work: (typeof loadWorks)[number];
  readonly world: (typeof loadWorlds)[number];
}

/** What one round measured. */
export interface Measured extends LoadRound {
  readonly sessionsPerSecond: number;
  /** Store requests, those of scripts among them; null where the store does not say. */
  readonly requestsPerSession: number | null;
}

export class Arm {
  readonly kind: ArmKind;
  private readonly environment: TargetEnvironment;
  private readonly client: Child;
  private readonly workers: readonly Child[];
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

  /** Starts workers and client; resolves when all are ready. */
  static async open(kind: ArmKind, environment: TargetEnvironment, workerCount: number): Promise<Arm> {
    const group = `${kind.work}-${kind.world}`;
    const implementation =
      kind.work === "lifecycle" ? environment.implementation : ceilingOf(environment.implementation);
    const load = { implementation, witnessed: kind.world === "witnessed" };
    const workers = Array.from({ length: workerCount }, (_, index) =>
      environment.spawnLoadWorker(`${group}#${index}`, group, load),
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
    const spec = { ...plainSpec(prefix, { activities: 1 }), idleTimeoutMs: 0 };
    const before = await this.environment.store.traffic();
    const order: LoadOrder = { kind: "round", spec, forMs, pace, ...bound };
    const round = (await this.client.ask(order, forMs + longestRestMs)) as LoadRound; // the client's only kind of answer
    const after = await this.environment.store.traffic();
    const sessions = round.latenciesMs.length;
    const [from, to] = [requestsIn(before), requestsIn(after)];
    return {
      ...round,
      sessionsPerSecond: (1000 * sessions) / round.tookMs,
      requestsPerSession: from === null || to === null ? null : (to - from) / sessions,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.client, ...this.workers].map((child) => terminate(child, goneMs)));
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

/** The least that an engine can do stands beside its manifest. */
function ceilingOf(implementation: string): string {
  return new URL("manifest/ceiling/", implementation).href;
}

/** Whether anybody has written down the least that the engine of a target can do. */
export function hasCeiling({ implementation }: Pick<Target, "implementation">): boolean {
  return existsSync(new URL("worker.ts", ceilingOf(implementation)));
}

function requestsIn({ requests }: Traffic): number | null {
  return requests === null ? null : Object.values(requests).reduce((sum, count) => sum + count, 0);
}
