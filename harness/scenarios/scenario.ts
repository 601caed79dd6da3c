/** Where a scenario is played: an environment that it shares with others, on a machine that it shares with others. */
import type { Child } from "../processes/reaper.ts";
import { terminate } from "../processes/terminate.ts";
import { causeOf } from "../processes/unexpected-exit.ts";
import { Case } from "../run/case.ts";
import { TargetEnvironment } from "../run/environment.ts";
import type { Run } from "../run/run.ts";
import type { Target } from "../run/target.ts";

/** Waits until it is free to play, so that no more cases are under way than the machine bears. */
export type WhenFree = <T>(playCase: () => Promise<T>) => Promise<T>;

export interface ScenarioContext {
  readonly environment: TargetEnvironment;
  /** A client process that whoever needs only one may use. */
  readonly client: Child;
  readonly leaseMs: number;
  readonly retryDelayMs: number;
  /** Opens a case in a group of that name, which nobody else uses, on this environment or on another. */
  openCase(group: string, environment?: TargetEnvironment): Case;
  /** Starts a client process for a case; resolves when it is ready. */
  openClient(testCase: Case, name?: string): Promise<Child>;
  /** Opens an environment of its own, whose store may be killed; with the lease of this one, unless another is given. */
  openEnvironment(name: string, leaseMs?: number): Promise<TargetEnvironment>;
  readonly whenFree: WhenFree;
}

interface ScenarioSettings {
  readonly run: Run;
  readonly target: Target;
  readonly environment: TargetEnvironment;
  /** Shared with others; one of its own is started at first use where this is left out. */
  readonly client?: Child;
  /** Begins the names of the ledgers of its own environments. */
  readonly experiment: string;
  readonly retryDelayMs: number;
  readonly whenFree: WhenFree;
  /** Whether a client that ends by itself says something of the implementation; the run is worth nothing where this is left out. */
  readonly clientsMayEnd?: boolean;
  /** A worker or client gets ready within so many ms, or never does; as long as any machine takes, where this is left out. */
  readonly readyWithinMs?: number;
}

/** One scenario, and what it has opened. */
export class Scenario implements ScenarioContext {
  readonly environment: TargetEnvironment;
  readonly leaseMs: number;
  readonly retryDelayMs: number;
  readonly whenFree: WhenFree;
  readonly cases: Case[] = [];
  /** What is wrong with clients: they ended without being told to. */
  readonly ended: string[] = [];
  private readonly settings: ScenarioSettings;
  private readonly clients: Child[] = [];
  private readonly environments: TargetEnvironment[] = [];
  private ownClient: Child | null = null;
  private isClosing = false;

  constructor(settings: ScenarioSettings) {
    this.settings = settings;
    this.environment = settings.environment;
    this.leaseMs = settings.environment.leaseMs;
    this.retryDelayMs = settings.retryDelayMs;
    this.whenFree = settings.whenFree;
  }

  get client(): Child {
    if (this.settings.client !== undefined) return this.settings.client;
    this.ownClient ??= this.startClient(this.environment, "none", "own");
    return this.ownClient;
  }

  // Values and not methods: scenarios take them out of their context.
  readonly openCase = (group: string, environment = this.environment): Case => {
    const testCase = new Case(environment, group, this.settings.readyWithinMs);
    this.cases.push(testCase);
    return testCase;
  };

  readonly openClient = async ({ environment, group }: Case, name = "client"): Promise<Child> => {
    const client = this.startClient(environment, group, name);
    await client.firstMessage(this.settings.readyWithinMs);
    return client;
  };

  readonly openEnvironment = async (name: string, leaseMs = this.leaseMs): Promise<TargetEnvironment> => {
    const { run, target, experiment, retryDelayMs, clientsMayEnd = false } = this.settings;
    const environment = await TargetEnvironment.open({
      run,
      target,
      retryDelayMs,
      leaseMs,
      mayEnd: clientsMayEnd ? ["client"] : [],
      experiment: `${experiment}-${name}`,
    });
    this.environments.push(environment);
    return environment;
  };

  /** Ends what is left. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all(this.cases.map((testCase) => testCase.abandon()));
    await Promise.all(this.clients.map((client) => terminate(client)));
    for (const environment of this.environments) await environment.close();
  }

  private startClient(environment: TargetEnvironment, group: string, name: string): Child {
    const client = environment.spawnClient(`${group}-${name}`, group);
    this.clients.push(client);
    void client.exited.then((exit) => {
      if (this.isClosing) return;
      this.ended.push(
        `a client exited unexpectedly (${causeOf(exit)}); last log line: ${client.lastLogLine()}`,
      );
    });
    return client;
  }
}
