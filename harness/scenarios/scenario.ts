/** Where a scenario is played: an environment that it shares with others, on a machine that it shares with others. */
import { dismiss } from "../processes/dismiss.ts";
import type { Child } from "../processes/reaper.ts";
import { Trial } from "../run/case.ts";
import { Stage } from "../run/environment.ts";
import type { Run } from "../run/run.ts";
import type { Target } from "../run/target.ts";

export interface ScenarioContext {
  readonly stage: Stage;
  /** A client process that whoever needs only one may use. */
  readonly client: Child;
  readonly leaseMs: number;
  readonly retryDelayMs: number;
  /** Opens a trial in a group of that name, which nobody else uses, on this stage or on another. */
  openTrial(group: string, stage?: Stage): Trial;
  /** Starts a client process for a trial; resolves when it is ready. */
  openClient(trial: Trial, name?: string): Promise<Child>;
  /** Opens a stage of its own, whose store may be killed; with the lease of this one, unless another is given. */
  openStage(name: string, leaseMs?: number): Promise<Stage>;
  /** Waits for a free lane, so that no more trials are under way than the machine bears. */
  inLane<T>(trial: () => Promise<T>): Promise<T>;
}

interface ScenarioSettings {
  readonly run: Run;
  readonly target: Target;
  readonly stage: Stage;
  /** Shared with others; one of its own is started at first use where this is left out. */
  readonly client?: Child;
  /** Begins the names of the ledgers of its own stages. */
  readonly experiment: string;
  readonly retryDelayMs: number;
  readonly inLane: ScenarioContext["inLane"];
  /** Whether a client that ends by itself says something of the implementation; the run is worth nothing where this is left out. */
  readonly clientsMayEnd?: boolean;
}

/** One scenario, and what it has opened. */
export class Scenario implements ScenarioContext {
  readonly stage: Stage;
  readonly leaseMs: number;
  readonly retryDelayMs: number;
  readonly inLane: ScenarioContext["inLane"];
  readonly trials: Trial[] = [];
  /** What is wrong with clients: they ended without being told to. */
  readonly ended: string[] = [];
  private readonly settings: ScenarioSettings;
  private readonly clients: Child[] = [];
  private readonly stages: Stage[] = [];
  private ownClient: Child | null = null;
  private isClosing = false;

  constructor(settings: ScenarioSettings) {
    this.settings = settings;
    this.stage = settings.stage;
    this.leaseMs = settings.stage.leaseMs;
    this.retryDelayMs = settings.retryDelayMs;
    this.inLane = settings.inLane;
  }

  get client(): Child {
    if (this.settings.client !== undefined) return this.settings.client;
    this.ownClient ??= this.startClient(this.stage, "none", "own");
    return this.ownClient;
  }

  // Values and not methods: scenarios take them out of their context.
  readonly openTrial = (group: string, stage = this.stage): Trial => {
    const trial = new Trial(stage, group);
    this.trials.push(trial);
    return trial;
  };

  readonly openClient = async ({ stage, group }: Trial, name = "client"): Promise<Child> => {
    const client = this.startClient(stage, group, name);
    await client.firstMessage();
    return client;
  };

  readonly openStage = async (name: string, leaseMs = this.leaseMs): Promise<Stage> => {
    const { run, target, experiment, retryDelayMs, clientsMayEnd = false } = this.settings;
    const own = { run, target, retryDelayMs, leaseMs, clientsMayEnd, experiment: `${experiment}-${name}` };
    const stage = await Stage.open(own);
    this.stages.push(stage);
    return stage;
  };

  /** Ends what is left. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all(this.trials.map((trial) => trial.abandon()));
    await Promise.all(this.clients.map((client) => dismiss(client)));
    for (const stage of this.stages) await stage.close();
  }

  private startClient(stage: Stage, group: string, name: string): Child {
    const client = stage.spawnClient(`${group}-${name}`, group);
    this.clients.push(client);
    void client.exited.then(({ signal, code }) => {
      if (this.isClosing) return;
      const words = client.lastWords() || "none";
      this.ended.push(
        `a client ended by itself (${signal ?? `exit code ${code}`}); its last words: ${words}`,
      );
    });
    return client;
  }
}
